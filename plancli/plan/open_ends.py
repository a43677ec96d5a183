"""The open end of a list: 等, and the kind of those it stands for.

open end = 等 [count] {owner | adjective} several     等市级有关单位 | 等3个部门 | 等金融机构
open end = 等 {adjective} [level] government          合肥、芜湖等市人民政府
"""

import re
from typing import NamedTuple

from plancli.plan.agency_lists import SURE_NAME, split_conjunction

OWNERS = (
    "国务院|党中央|中央(?:和?国家机关)?|国家(?:机关)?|自治区|[省市县区州盟旗镇乡村部](?:本?级|[直属])?|市县|县区|县乡|省市"
    "|驻[^、，,；;]{1,4}?|在[^、，,；;]{1,4}?|本地|当地|属地|辖区|本级|上级|下级|基层|直属"
)
ADJECTIVES = (
    "各类?|有关|相关|其[他它余]|职能|责任|主管|业务|行业|牵头|成员|配合|协同|参与|涉及(?:到的)?|所属|所在|对口|相应|综合|金融|科研|医疗"
    "|卫生|教育|国有|重点|骨干|龙头|专业|监管|执法|政法|涉农|企事业|社会|群团|人民|行政|事业|建设|运营|领域|中介|服务|试点|地方|政府|的"
)
REGIONS_OF_SEVERAL = "县[（(]市、?区[）)]|县、?市、?区|市、?县、?区|县区|区县|县市|市县|市州|地市|乡镇|镇街|街镇|镇办|[镇乡][（(]街道[）)]|乡镇[（(]街道[）)]|街道"
SEVERAL = (
    "部门|单位|部委|机构|机关|企业|地区|地方|地(?=$|及|和|与)|方面|委办局|厅局|院校|高校|学校|医院|团体|组织|公司|集团|协会|商会"
    f"|园区|开发区|功能区|{REGIONS_OF_SEVERAL}|社区|处室|科室|股室|站所|村|平台|主体|银行"
)
COUNT = "(?:(?:多|几|数|若干|[0-9０-９]{1,3}|[一二两三四五六七八九十百]{1,4})[多余]?[个家])?"
GENERIC = "(?:有关|相关|其他)?(?:部门|单位|机构)"
OPEN_ENDING = re.compile(
    f"(?<![高平优同上中下初均相])等(?:{COUNT}(?:"
    f"(?:{ADJECTIVES}){{0,3}}(?P<level>{REGIONS_OF_SEVERAL}|[市县区州盟旗镇乡])?(?P<government>(?:人民)?政府|管委会)"
    f"|(?:{OWNERS}|{ADJECTIVES}){{0,6}}(?:{SEVERAL})(?:[和及、与]{GENERIC})?"
    "|(?P<region>[市县区州盟旗镇乡])"
    "|[^、，,；;]{0,30}成员单位)?)(?=$|及|和|以及|与)"
)
OTHER_OPEN_ENDING = re.compile("(?<![高平优同上中下初均相])等(?!级|离子|候|待|额|效|次)")
CONJUNCTION = re.compile("以及|[及和与]")
REGION_END = re.compile("[市县区州盟旗镇乡]$|街道$")


class OpenEnd(NamedTuple):
    """The names about an open end, and the words after 等 that are not understood."""

    names: tuple[str, ...]
    level: str  # 市 in 合肥、芜湖等市: the names before may lack it
    unknown: str


def split_open_end(words: str) -> OpenEnd | None:
    """Return the names in *words*, a name with an open end, or None if there is no open end."""
    if ending := OPEN_ENDING.search(words):
        head, level = words[: ending.start()], ending["level"] or ending["region"] or ""
        if head and not SURE_NAME.fullmatch(head):  # a region, perhaps without its level
            head += level if len(level) == 1 and not REGION_END.search(head) else ""
            head += ending["government"] or ""
        also = CONJUNCTION.sub("", words[ending.end() :], count=1)
        names = (*split_conjunction(head), *(split_conjunction(also) if also else ()))
        return OpenEnd(names, ending["region"] or "", "")
    ending = OTHER_OPEN_ENDING.search(words)
    if ending and SURE_NAME.fullmatch(words[: ending.start()]):
        head = words[: ending.start()]
        return OpenEnd(tuple(split_conjunction(head)), "", words[ending.start() :])
    return None
