"""Jurisdictions of several levels, and the bodies their papers name as they print them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Realm:
    """A jurisdiction, with the bodies its plans may name.

    ``head`` begins the names of its offices (省, 自治区, 市, 县; nothing for the
    nation), ``party`` those of the party's (省委).  ``offices`` and ``sections``
    stand without their beginning, ``others`` and ``twins`` are whole names.
    """

    name: str
    level: str
    head: str
    party: str
    offices: tuple[str, ...]
    sections: tuple[str, ...]
    others: tuple[str, ...]
    twins: tuple[str, ...]
    places: tuple[str, ...]
    zones: tuple[str, ...]
    collectives: tuple[str, ...]

    @property
    def office(self) -> str:
        """What signs a plan and its covering letter."""
        if self.level == "nation":
            return "国务院办公厅"
        return f"{self.name}人民政府办公{'厅' if self.level == 'province' else '室'}"


_DUTIES = (
    "教育 科技 公安 民政 司法 财政 人力资源社会保障 自然资源 生态环境 住房城乡建设 "
    "交通运输 水利 农业农村 商务 文化和旅游 应急管理 审计"
).split()
_LONG = {
    "人力资源社会保障": "人力资源和社会保障",
    "住房城乡建设": "住房和城乡建设",
    "自然资源": "自然资源和规划",
}
_BUREAUS = (
    "市场监管局 统计局 医保局 林业局 粮食和储备局 税务局 气象局 信访局 体育局 广电局 数据局"
).split()
_SECTIONS = tuple("宣传部 组织部 统战部 社会工作部".split())

_NATION = Realm(
    name="",
    level="nation",
    head="",
    party="",
    offices=tuple(
        "发展改革委 教育部 科技部 工业和信息化部 公安部 民政部 财政部 人力资源社会保障部 "
        "自然资源部 生态环境部 住房城乡建设部 交通运输部 水利部 农业农村部 商务部 "
        "文化和旅游部 卫生健康委 应急部 人民银行 审计署 国资委 海关总署 税务总局 "
        "市场监管总局 广电总局 体育总局 国家统计局 金融监管总局 证监会 银保监会 "
        "国家能源局 国家林草局 国家医保局 国家药监局 国家知识产权局 国家粮食和储备局 "
        "中国气象局 中国民航局 国家铁路局 国家邮政局 国家数据局".split()
    ),
    sections=(),
    others=tuple(
        "中央宣传部 中央网信办 中央组织部 中央编办 最高人民法院 最高人民检察院 "
        "全国总工会 共青团中央 全国妇联 中国科协 中国残联 供销合作总社 国家电网有限公司 "
        "中国国家铁路集团有限公司".split()
    ),
    twins=("市场监管总局（国家标准委）", "卫生健康委（全国老龄办）", "生态环境部（国家核安全局）"),
    places=(),
    zones=(),
    collectives=(
        *("各地区", "各省（区、市）人民政府", "有关部门和单位", "各有关部门", "有关地区"),
        *("有关中央企业", "国务院就业工作领导小组成员单位"),
    ),
)


def _province(name: str, places: str, others: str) -> Realm:
    """Return a province or an autonomous region."""
    head = "自治区" if name.endswith("自治区") else "省"
    party = "自治区党委" if head == "自治区" else "省委"
    short = name[:3] if name.startswith("内蒙古") else name[:2]
    bank = name if head == "省" else short
    return Realm(
        name=name,
        level="province",
        head=head,
        party=party,
        offices=(
            *(f"{duty}厅" for duty in _DUTIES),
            *("发展改革委", "工业和信息化厅", "卫生健康委", "国资委", "能源局", "药监局"),
            *_BUREAUS,
        ),
        sections=_SECTIONS,
        others=(
            *others.split(),
            *(
                f"{head}{body}"
                for body in "法院 检察院 总工会 妇联 科协 残联 工商联 红十字会".split()
            ),
            *("团省委" if head == "省" else "自治区团委", f"{party}网信办", f"{head}通信管理局"),
            *(f"人民银行{bank}分行", f"{short}证监局", f"{short}金融监管局"),
            *(f"国网{short}电力公司", f"国家统计局{short}调查总队"),
        ),
        twins=(
            *(f"{head}市场监管局（{head}知识产权局）", f"{head}文化和旅游厅（{head}文物局）"),
            f"{head}农业农村厅（{head}乡村振兴局）",
        ),
        places=tuple(places.split()),
        zones=(),
        collectives=(
            *("各市人民政府", "各市、县（市、区）人民政府", "有关市人民政府", "有关部门和单位"),
            *(
                "各有关部门",
                f"{head}有关单位",
                f"{head}就业工作领导小组成员单位",
                "各市（州）人民政府",
            ),
            *("各设区市人民政府", f"{head}直有关部门和单位", "有关县（市、区）人民政府"),
        ),
    )


def _lower(name: str, places: str, zones: str, others: str) -> Realm:
    """Return a city, a prefecture, a county or a district; the name's end says which."""
    head = name[-1]
    county = head in "县区旗"
    duties = [_LONG.get(duty, duty) if len(name) % 2 else duty for duty in _DUTIES]
    chief = (
        ("发展改革局", "卫生健康局", "工业和信息化局")
        if county
        else ("发展改革委", "卫生健康委", "国资委", "工业和信息化局", "城管局", "园林局")
    )
    below = (
        ("各乡镇（街道）", "各乡镇人民政府", f"{head}直有关部门", "有关乡镇人民政府")
        if county
        else (
            "各县（市、区）人民政府",
            "各区、县（市）人民政府",
            f"{head}直有关单位",
            "各开发区管委会",
        )
    )
    return Realm(
        name=name,
        level="county" if county else "city",
        head=head,
        party=f"{head}委",
        offices=(*(f"{duty}局" for duty in duties), *chief, *_BUREAUS),
        sections=_SECTIONS,
        others=(
            *others.split(),
            *(
                f"{head}{body}"
                for body in "法院 检察院 总工会 妇联 科协 残联 工商联 城投集团".split()
            ),
            *(
                f"团{head}委",
                f"{head}委网信办",
                f"{head}委编办",
                f"{head}公积金中心",
                f"{head}供电公司",
            ),
        ),
        twins=(
            *(f"{head}市场监管局（{head}知识产权局）", f"{head}农业农村局（{head}乡村振兴局）"),
            f"{head}文化和旅游局（{head}文物局）",
        ),
        places=tuple(places.split()),
        zones=tuple(zones.split()),
        collectives=(*below, "有关部门和单位", "各有关单位", f"{head}安委会成员单位"),
    )


def _anhui() -> Realm:
    """Return the province whose registry ships, under the very names of the registry."""
    return Realm(
        name="安徽省",
        level="province",
        head="省",
        party="省委",
        offices=tuple(
            "发展改革委 经济和信息化厅 教育厅 科技厅 公安厅 民政厅 司法厅 财政厅 "
            "人力资源社会保障厅 自然资源厅 生态环境厅 住房城乡建设厅 交通运输厅 "
            "农业农村厅 水利厅 商务厅 文化和旅游厅 卫生健康委 退役军人厅 应急厅 审计厅 "
            "国资委 市场监管局 广电局 体育局 统计局 医保局 信访局 地方金融监管局 "
            "数据资源局 粮食和储备局 能源局 林业局 药监局".split()
        ),
        sections=("宣传部", "组织部", "统战部"),
        others=tuple(
            "团省委 省总工会 省妇联 省科协 省工商联 省贸促会 合肥海关 "
            "安徽出入境边防检查总站 省税务局 安徽证监局 省通信管理局 省气象局".split()
        ),
        twins=(),
        places=tuple(
            "合肥市 芜湖市 蚌埠市 淮南市 马鞍山市 铜陵市 安庆市 黄山市 六安市 宣城市".split()
        ),
        zones=(),
        collectives=(
            *("各市人民政府", "有关市人民政府", "相关市人民政府", "省有关单位"),
            *("省碳达峰碳中和工作领导小组成员单位", "合肥都市圈建设领导小组成员单位"),
        ),
    )


REALMS: tuple[Realm, ...] = (
    *(_NATION, _NATION, _NATION),
    _anhui(),
    _province(
        "浙江省", "杭州市 宁波市 温州市 湖州市 金华市 台州市 丽水市", "杭州海关 宁波海关 省交通集团"
    ),
    _province(
        "江苏省", "南京市 苏州市 无锡市 徐州市 南通市 盐城市", "南京海关 省国信集团 江苏海事局"
    ),
    _province("广东省", "广州市 深圳市 珠海市 佛山市 东莞市 湛江市", "海关总署广东分署 省机场集团"),
    _province(
        "四川省", "成都市 绵阳市 宜宾市 阿坝州 甘孜州 凉山州", "成都海关 民航西南管理局 省能投集团"
    ),
    _province("湖南省", "长沙市 株洲市 湘潭市 岳阳市 怀化市 湘西州", "长沙海关 湖南湘江新区管委会"),
    _province("山东省", "济南市 青岛市 烟台市 潍坊市 临沂市", "济南海关 青岛海关 山东高速集团"),
    _province("甘肃省", "兰州市 酒泉市 天水市 临夏州 甘南州", "兰州海关 兰州新区管委会"),
    _province("云南省", "昆明市 曲靖市 大理州 红河州 普洱市", "昆明海关 云南机场集团"),
    _province(
        "广西壮族自治区", "南宁市 柳州市 桂林市 北海市 钦州市", "南宁海关 广西北部湾投资集团"
    ),
    _province("宁夏回族自治区", "银川市 石嘴山市 吴忠市 固原市 中卫市", "银川海关 宁东基地管委会"),
    _province("内蒙古自治区", "呼和浩特市 包头市 赤峰市 鄂尔多斯市", "呼和浩特海关"),
    _lower(
        "杭州市",
        "西湖区 余杭区 萧山区 桐庐县 淳安县 建德市",
        "高新区 经开区 钱塘新区",
        "市地铁集团",
    ),
    _lower(
        "苏州市", "姑苏区 吴江区 昆山市 常熟市 太仓市", "高新区 工业园区", "苏州海关 市轨道集团"
    ),
    _lower(
        "成都市", "锦江区 武侯区 双流区 金堂县 都江堰市", "高新区 天府新区", "人民银行四川省分行"
    ),
    _lower("石家庄市", "长安区 藁城区 正定县 平山县 辛集市", "高新区 经开区", "石家庄海关"),
    _lower(
        "合肥市", "庐阳区 蜀山区 肥东县 肥西县 巢湖市", "高新区 经开区 新站高新区", "市轨道集团"
    ),
    _lower(
        "重庆市", "渝中区 江北区 万州区 忠县 云阳县", "两江新区 西部科学城", "重庆海关 重庆海事局"
    ),
    _lower("大理白族自治州", "大理市 祥云县 宾川县 剑川县 洱源县", "海开区 经开区", "大理海关"),
    _lower(
        "延边朝鲜族自治州",
        "延吉市 图们市 敦化市 珲春市 安图县",
        "延吉高新区 敦化开发区",
        "延吉海关",
    ),
    _lower("长兴县", "泗安镇 煤山镇 和平镇 洪桥镇 水口乡", "开发区 太湖新城", "县交投集团"),
    _lower("肥西县", "上派镇 三河镇 紫蓬镇 官亭镇 铭传乡", "经开区 产城示范区", "县水务集团"),
    _lower("景宁畲族自治县", "沙湾镇 东坑镇 英川镇 大均乡 毛垟乡", "开发区 澄照新区", "县林业总场"),
    _lower("余杭区", "瓶窑镇 径山镇 黄湖镇 鸬鸟镇 百丈镇", "未来科技城 良渚新城", "区国投集团"),
    _lower("准格尔旗", "薛家湾镇 沙圪堵镇 龙口镇 大路镇", "开发区 大路新区", "旗国投集团"),
)
