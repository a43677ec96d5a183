"""What invented plans say is to be done; the places are real, the work is not."""

import random

from tests.papers.realms import Realm

TOPICS = tuple(
    "优化营商环境 推动区域协调发展 促进数字经济发展 推进乡村全面振兴 稳就业促增收 "
    "扩大内需促进消费 推进新型城镇化建设 生态环境保护 科技创新 民生实事 "
    "推进以人民健康为中心的卫生服务 制造业高质量发展".split()
)
HEADS = tuple(
    "推动区域协调发展 强化科技创新攻坚力量 加强产业链供应链协同 推进更高水平协同开放 "
    "完善基础设施网络 共建绿色美丽家园 促进公共服务便利共享 重大政策措施 重大事项 "
    "重大项目 优化政务服务 保护市场主体权益 扩大有效投资 激发消费活力 稳定粮食生产 "
    "做强县域经济 培育优势产业 改善人居环境 守牢安全底线 深化重点领域改革 加快数字化转型 "
    "壮大人才队伍 增进民生福祉 弘扬优秀文化 健全社会保障 提升城市品质 发展现代物流 "
    "严格监督管理 推进绿色低碳发展 扩大对外开放 加强法治保障 支持民营企业 完善住房供应 "
    "繁荣文旅市场 夯实能源基础 建设教育强区".split()
)
_VERBS = (
    "加快 推进 完善 健全 深化 优化 规范 统筹 支持 加强 落实 推动 积极推进 有序推进 持续深化".split()
)
_THINGS = (
    "工程建设项目审批制度改革 高标准农田建设 一二三产业融合发展 公共数据授权运营试点 "
    "社区养老服务体系建设 城中村和老旧小区改造 跨境电商综合试验区建设 “一网通办”平台建设 "
    "中小学课后服务 县域医共体建设 职业技能培训 河湖长制各项任务 历史文化名城保护 "
    "充电基础设施布局 知识产权保护协作 公平竞争审查工作 “双随机、一公开”监管 "
    "农村生活污水治理 现代设施农业发展 家政服务提质扩容 重点群体就业帮扶 "
    "大规模设备更新和消费品以旧换新 海铁联运和江海联运发展 外贸新业态培育 "
    "专精特新企业梯度培育 耕地保护和用途管制 城乡公交一体化 电子证照互认互通 "
    "托育服务普惠供给 政府和社会资本合作项目清理 水、电、气、暖报装便利化 "
    "药品和医用耗材集中采购 首台（套）装备推广应用 能耗双控向碳排放双控转变"
).split()
_TAILS = (
    "全年新增{n}个示范项目",
    "{y}年底覆盖率达到{n}.{d}%以上",
    "形成产能{d}.5万吨",
    "完成投资{n}亿元（含续建项目）",
    "建成5G基站{n}00个",
    "PM2.5平均浓度下降{d}%",
    "打造“{d}+{n}+N”工作体系",
    "培育国家级专精特新企业{n}家、省级{n}0家",
    "办理时限压减至{d}个工作日以内",
    "落实《促进条例（修订）》有关规定",
    "出台《建设指引（试行）》",
    "实施“十四五”专项规划（2021—2025年）",
    "衔接好《行动方案（{y}—2027年）》和年度计划",
    "推动{p}与周边地区共建共享",
    "支持{p}等地先行先试",
    "力争增长{d}.{d}个百分点",
    "做到应保尽保、应助尽助",
    "推广“最多跑一次”（“一件事”集成办）经验",
    "分类处置存量问题",
    "建立部门间信息共享和会商机制",
    "确保质量、安全和进度",
    "探索建立容错纠错机制",
)
_WHOLE = (
    "编制{y}年重点项目清单，总投资{n}.{d}亿元",
    "《公共信用信息管理办法（试行）》印发实施",
    "举办第{d}届产业博览会（线上线下同步），签约项目不少于{n}个",
    "在{p}开展首批{d}个片区试点，{y}年6月形成可复制经验",
    "鼓励金融机构按照市场化、法治化原则加大信贷投放，余额增长{n}%",
    "巩固“三项制度”成果，防止虚假整改、数字脱贫等问题",
)
_DRAWN = (
    "依托项目专班（{b}牵头）机制，协调解决用地、用能等问题",
    "发挥联席会议（{b}负责日常工作）作用，定期调度进展",
    "用好会商制度（由{b}牵头，{c}配合）已有成果，扩大应用范围",
    "用好联合工作组（{b}、{c}）已建立的渠道，做好信息报送",
)

_AIMS = (
    "坚持以习近平新时代中国特色社会主义思想为指导，坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念。",
    "到{y}年底，主要指标增长{d}.{d}%左右，形成一批可复制可推广的经验，群众满意度达到9{d}%以上。",
    "坚持问题导向、目标导向、结果导向相统一，统筹发展和安全，推动各项工作走在前列。",
    "力争通过{d}年左右时间，在{p}等重点区域率先突破，培育{n}个百亿级产业集群。",
)


class Words:
    """Sentences of one plan; no two tasks begin alike."""

    def __init__(self, rng: random.Random, realm: Realm, year: int) -> None:
        self._rng, self._realm, self._year = rng, realm, year
        self._openings = [verb + thing for verb in _VERBS for thing in _THINGS]
        rng.shuffle(self._openings)
        self._heads = rng.sample(HEADS, len(HEADS))

    def head(self) -> str:
        """Return a heading, each once."""
        return self._heads.pop() if self._heads else self.opening()

    def opening(self) -> str:
        """Return a short sentence such as titles are, without its 。."""
        return self._openings.pop()

    def aims(self, count: int) -> list[str]:
        """Return paragraphs that say what a plan is for, and give nobody a task."""
        return [self._fill(aim) for aim in self._rng.sample(_AIMS, count)]

    def sentence(self) -> str:
        """Return a sentence without its 。, which never begins with a number."""
        rng = self._rng
        roll = rng.random()
        if roll < 0.12:
            return self._fill(f"{self._openings.pop()}，{rng.choice(_WHOLE)}")
        if roll < 0.18:
            return self._fill(f"{self._openings.pop()}，{rng.choice(_DRAWN)}")
        tails = rng.sample(_TAILS, rng.randint(0, 3))
        return self._fill("，".join([self._openings.pop(), *tails]))

    def _fill(self, pattern: str) -> str:
        rng, realm = self._rng, self._realm
        bodies = rng.sample(realm.offices, 2)
        return pattern.format(
            n=rng.randint(11, 98),
            d=rng.randint(2, 9),
            y=self._year,
            p=rng.choice(realm.places or ("京津冀地区", "长三角地区", "成渝地区", "东北地区")),
            b=realm.head + bodies[0],
            c=realm.head + bodies[1],
        )
