"""The words that decide where a region's name begins and ends: ``data/word_borders.tsv``.

``python -m scripts.word_borders DICT`` reads the dictionary of jieba 0.42.1 (package ``jieba``, file
``dict.txt``: word, frequency, tag).  The file has three kinds of line: ``cost<TAB>words``, where a
word's cost is -2 ln(frequency / sum), rounded; ``ordinary<TAB>words``, the bare names of divisions
that are ordinary words in every plan; ``foreign<TAB>words``, in a plan of another province.
"""

import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from plancli.plan import word_borders
from plancli.registry import divisions
from plancli.registry import io as registry_io
from plancli.registry.model import Region, RegionType

HEADER = """\
# Words with costs, and names of divisions that are ordinary words; plancli/plan/word_borders.py
# Made by scripts/word_borders.py from the dictionary of jieba 0.42.1.
# MIT License, Copyright (c) 2013 Sun Junyi, LICENSES/MIT-jieba.txt, https://github.com/fxsjy/jieba
"""
LEAST_FREQUENCY = {1: 20, 2: 12, 3: 60, 4: 200}  # by length; that of words with a name is 3
NAME_TAGS = ("ns", "nr", "nrt", "nrfg")  # places, persons
LEAST_NAME_FREQUENCY = 100
# Frequent in plans, and missing in the dictionary or rare in its texts.
ADDED_FREQUENCY = 3000
ADDED = (
    "区块 区块链 县域 县区 县级 本级 市级 区级 区位 区域 市域 市区 县市 市县 东北亚 全域 省域 中部 东部"
    " 西部 南部 北部 城区 新区 园区 片区 街区 社区 景区 库区 灾区 牧区 林区 校区 港区 市州 市辖区 县乡"
    " 县镇 镇村 县处级 全市 全县 全区 全州 全省 省市 省级 州级 市直 区县 盟市 旗县 城际 经济圈 都市圈"
    " 城市群 双城经济圈 三江源 东中部 绿水青山 金山银山 专精特新 数字化 产业链 供应链 创新链 一体化"
    " 智能化 常态化 高质量 市场化 市场主体 补短板 强弱项 培育 赋能 引领 谋划 统筹 首批 打通 推动"
    " 推进 做强 做优 做大 做好 做实 抓好 全面 引黄 东方红 浦阳江 异龙湖 牛首山 宁德时代 阿里巴巴"
    " 长安汽车 一马平川 桂林洋 引黄济宁 河湟 罗布泊 塔里木"
    " 九龙半岛 洋山 洋山港 理学家"
    " 日照标准 日照时数 日照时间 日照时长 日照间距 日照强度 日照条件 日照分析 日照测算 日照充足 日照计"
    " 日照影响 朝阳产业 白银价格 来宾签到"
).split()
# Tag -> least frequency of an ordinary word.
ORDINARY_TAGS = {
    **dict.fromkeys(("v", "vn", "a", "ad", "b", "f", "s", "r", "p"), 100),
    **dict.fromkeys(("n", "t", "i", "l"), 200),
    **dict.fromkeys(("d", "m", "c", "q"), 250),
    "nz": 1500,
    "nr": 650,
    "ns": 900,
}
FOREIGN_TAGS = {
    **dict.fromkeys(("v", "vn", "a", "ad", "b", "f", "s", "r", "p"), 20),
    **dict.fromkeys(("n", "t", "i", "l", "d", "m", "c", "q"), 60),
    "nz": 120,
    "nr": 250,
    "ns": 900,
}
FEATURES = tuple("山海湖江河岛岭溪峰关峡湾岗")  # 泰山, 南海: the mountain and the sea
# Judged by eye, where tags and frequencies mislead.
NOT_ORDINARY = (
    "石首 仙桃 神农架 恩施 赤壁 麻城 洪湖 太康 石狮 钟祥 阳新 罗田 高陵 监利 枝江 枣阳 潜江 天门 荆州"
    " 襄阳 大冶 应城 武昌 汉阳 江夏 黄陂 安陆 黄州 郧阳 江陵 房县 奉化 兴化 遵化 登封 即墨 长沙 西安"
    " 垦利 清镇 常熟 高密 石柱 大足 崇明 秭归 竹溪 竹山 来凤 咸丰 建始 宜城 松滋 梁山 当阳 建平 镇远"
    " 融水 清流 平遥 金平 平潭"
).split()
ALWAYS_ORDINARY = (
    "全州 大同 日照 来宾 朝阳 阿里 白银 文山 安康 海西 太湖 南海 东海 西湖 东湖 月湖 泰山 天山 镜湖"
    " 江北 江南 江东 江西 江岸 江海 江源 江汉 河东 河西 河口 海港 港口 港北 港南 城东 城西 城南 城北"
    " 城中 城关 城区 市中 中原 平原 长安 五河 三山 三江 两江 龙江 运河 新华 滨海 滨湖 滨江 滨城 滨河"
    " 临江 临海 临港 临湖 沿河 沿滩 南部 东区 西区 东城 西城 新城 新市 新都 新建 高新 老城 老城区 新城区"
    " 新市区 高新区 开发区 郊区 矿区 东至 青山 金山 徽州 振兴 双城 安宁 安居 安乡 长寿 平川 雁塔 红塔"
    " 宝塔 天元 天台 天心 裕民 惠民 惠农 富民 民和 民乐 民丰 民权 兴业 兴国 兴安 兴县 和静 和顺 和政"
    " 中阳 中方 大方 方正 通道 通江 通海 通河 连江 平江 环江 环县 路桥 桥东 桥西 路南 路北 道里 道外 市北"
    " 市南 博爱 仁和 凌云 康乐 延寿 木兰 白水 白沙 阳春 阳明 静乐 七星 万安 大田 威信 建安 建华 新星 弥勒"
    " 永福 永和 三水 三台 乐业 交口 合水 商水 响水 回民 天涯 平房 新民 新源 曲水 梨树 海棠 灯塔 爱民 牧野"
    " 石鼓 磐石 金水 铜鼓 集贤 麒麟 黑水 鼓楼 五常 宁强 龙凤 牡丹 金牛 元宝 天柱 文水 斗门 大竹 团风"
).split()


class DictionaryWord(NamedTuple):
    """A line of the dictionary."""

    frequency: int
    tag: str


def build_file(dictionary: str, regions: tuple[Region, ...]) -> str:
    """Return the file's text, from the text of the *dictionary*."""
    words = {
        word: DictionaryWord(int(frequency), tag)
        for word, frequency, tag in map(str.split, dictionary.splitlines())
    }
    total = sum(each.frequency for each in words.values())
    names = {name for each in regions for name in (each.name, *each.aliases)}
    costs: dict[int, set[str]] = defaultdict(set)
    for word, each in words.items():
        if word in names or _is_kept(word, each, names):
            frequency = max(each.frequency, ADDED_FREQUENCY if word in ADDED else 1)
            costs[_count_cost(frequency, total)].add(word)
    costs[_count_cost(ADDED_FREQUENCY, total)].update(each for each in ADDED if each not in words)
    lines = [f"{cost}\t{' '.join(sorted(words))}" for cost, words in sorted(costs.items())]
    bare = sorted(set(_iter_bare_names(regions)))
    for kind, limits in (("ordinary", ORDINARY_TAGS), ("foreign", FOREIGN_TAGS)):
        chosen = [
            name
            for name in bare
            if _is_ordinary(name, words.get(name), limits)
            or (kind == "foreign" and name.endswith(FEATURES))
        ]
        lines.append(f"{kind}\t{' '.join(chosen)}")
    return HEADER + "\n".join(lines) + "\n"


def _count_cost(frequency: int, total: int) -> int:
    return round(-2 * math.log(frequency / total))


def _is_kept(word: str, each: DictionaryWord, names: set[str]) -> bool:
    if word in ADDED:
        return True
    if not all("\u4e00" <= char <= "\u9fff" for char in word):
        return False
    begins = any(word[:size] in names for size in range(2, len(word)))
    if begins and (
        word.endswith(word_borders.KEPT_ENDINGS)
        or (each.tag in NAME_TAGS and not word.endswith((*FEATURES, "浩特")))
    ):
        return False  # 合肥城 and 上海港 mention the region, 祁连山 does not
    if begins or any(word[at:] in names for at in range(1, len(word) - 1)):
        return len(word) > 4 or each.frequency >= 3
    if len(word) > 4:
        return False
    least = LEAST_FREQUENCY[len(word)]
    if each.tag in NAME_TAGS and len(word) > 1:
        least = max(least, LEAST_NAME_FREQUENCY)
    return each.frequency >= least


def _iter_bare_names(regions: tuple[Region, ...]) -> Iterator[str]:
    for region in regions:
        for name in (region.name, *region.aliases):
            is_bare = len(name) == 2 or not name.endswith(tuple("省市县区旗州盟"))
            if name in ALWAYS_ORDINARY or (region.type is RegionType.COUNTY and is_bare):
                yield name


def _is_ordinary(name: str, word: DictionaryWord | None, limits: dict[str, int]) -> bool:
    if name in ALWAYS_ORDINARY or name in NOT_ORDINARY or not word:
        return name in ALWAYS_ORDINARY
    return word.frequency >= limits.get(word.tag, math.inf)


if __name__ == "__main__":
    regions = registry_io.load_default_registry().regions + divisions.load_divisions()
    text = build_file(Path(sys.argv[1]).read_text("utf-8"), regions)
    word_borders.FILE.write_text(text, "utf-8", newline="\n")
