"""Bodies that an import meets: which are the registry's, and what kind the others are."""

import re
from collections.abc import Iterable, Mapping

from plancli.plan import agency_lists
from plancli.registry.model import Agency, Kind

OTHERS = "[团民]|学社|农工|致公|台盟"  # have committees that are not the party's
KINDS = (  # by the name; the first that fits
    (Kind.COLLECTIVE, "(?:国务院|国家|省|市|县|区|省直|市直|区直|县直|市级|省级)?(?:各|有关|相关|其他|所在|沿).*|.*(?:成员单位|有关部门|有关单位|相关部门|各部门)"),
    (Kind.PARTY, "(?:中共)?(?:.{0,8}省|自治区|中央)党?委?.*(?:组织|宣传|统战|社会工作)部|省委.*|自治区党委.*|中央.*"),
    (Kind.PARTY, f"(?:中共)?(?:(?!{OTHERS}).){{0,8}}[市州盟县区旗]委(?!员会).*"),
    (Kind.CITY, ".*[市州盟](?:人民)?政府"),
    (Kind.COUNTY, ".*[县区旗](?:人民)?政府"),
    (Kind.TOWN, ".*(?:镇|乡|街道)(?:人民政府|政府|办事处)?"),
    (Kind.CONGRESS, ".*人大.*"),
    (Kind.CPPCC, ".*政协.*"),
    (Kind.PEOPLE, "共青团.*|.*(?:总工会|团.?委|妇联|科协|残联|工商联|文联|社科联|贸促会|红十字会|侨联|计生协)"),
    (Kind.COORDINATION, ".*(?:领导小组|指挥部|联席会议|专班|委员会办公室|领导小组办公室)"),
    (Kind.COMPANY, ".*(?:公司|集团|银行|电网|石化|移动|电信|联通|铁塔)(?:[（(].*[）)])?"),
    (Kind.DEPARTMENT, "(?:.{1,8})?省.*|自治区.*"),
    (Kind.LOCAL, "(?:[^省]{1,8})?[市州盟县区旗].*(?:[局委办部院会室]|中心)(?:[（(].*[）)])?|.*管委会"),
    (Kind.INSTITUTE, ".*(?:大学|学院|医院|科学院|研究院|研究所|学校|中心|报社|电视台)"),
    (Kind.NATIONAL, "国家.*|.*(?:部|总局|署)|.*(?:发展改革委|国资委|银保监会|证监会|人民银行|卫生健康委)"),
)  # fmt: skip
FORMS = tuple((kind, re.compile(form)) for kind, form in KINDS)


def own(named: Iterable[str], known: Mapping[str, str]) -> tuple[Agency, ...]:
    """Return entries for the bodies that are not *known*, each with a kind made out by its name."""
    names = set(known.values())
    strangers = dict.fromkeys(name for name in named if name not in names)
    return tuple(Agency(name, kind(name)) for name in strangers)


def kind(name: str) -> Kind:
    """Return what a body is, as far as its name tells."""
    if agency_lists.PHRASE.match(name):
        return Kind.COLLECTIVE
    return next((kind for kind, form in FORMS if form.fullmatch(name)), Kind.OTHER)
