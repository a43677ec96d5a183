"""Names are read as people read them, places above all."""

import re

import pytest
from pypinyin import Style
from pypinyin import pinyin as read

from plancli.registry import divisions, pinyin

READINGS = """
    长丰 chang feng, 长子县 zhang zi xian, 天长市 tian chang shi, 子长市 zi chang shi, 乐亭县 lao ting xian,
    乐陵市 lao ling shi, 乐清市 yue qing shi, 乐山市 le shan shi, 民乐县 min le xian, 都匀市 du yun shi,
    花都区 hua du qu, 六安 lu an, 六合区 lu he qu, 六盘水市 liu pan shui shi, 蚌山区 beng shan qu,
    涡阳 guo yang, 枞阳 zong yang, 歙县 she xian, 铅山县 yan shan xian, 浚县 xun xian, 荥阳市 xing yang shi,
    荥经县 ying jing xian, 大城县 dai cheng xian, 单县 shan xian, 牟平区 mu ping qu, 牟定县 mou ding xian,
    洪洞县 hong tong xian, 洞头区 dong tou qu, 繁峙县 fan shi xian, 什邡市 shi fang shi, 宕昌县 tan chang xian,
    闵行区 min hang qu, 行唐县 xing tang xian, 马尾区 ma wei qu, 召陵区 shao ling qu, 珲春市 hun chun shi,
    漯河市 luo he shi, 泊头市 bo tou shi, 番禺区 pan yu qu, 吐鲁番市 tu lu fan shi, 吴堡县 wu bu xian,
    黄陂区 huang pi qu, 朝阳市 chao yang shi, 弥勒市 mi le shi, 克什克腾旗 ke shi ke teng qi,
    巴音郭楞州 ba yin guo leng zhou, 伽师县 jia shi xian, 浪卡子县 lang ka zi xian, 会稽 kuai ji,
    会昌县 hui chang xian, 厦门 xia men, 解州 hai zhou, 重庆 chong qing,
    银行 yin hang, 中国人民银行合肥中心支行 zhong guo ren min yin hang he fei zhong xin zhi hang,
    调查队 diao cha dui, 校长 xiao zhang, 省长江办 sheng chang jiang ban, 长三角 chang san jiao,
    都市圈 du shi quan,
    各支行政执法队 ge zhi xing zheng zhi fa dui, 绥棱县 sui ling xian, 行业协会 hang ye xie hui, 大城市 da cheng shi
"""


UNKNOWN_TO_PYPINYIN = "乐陵 宕昌 大栅栏 解州 月氏".split()  # a reading of one of their characters


@pytest.mark.parametrize(("name", "spelled"), [
    each.split(maxsplit=1) for each in READINGS.strip().split(",")
])  # fmt: skip
def test_names_are_read_as_people_read_them(name, spelled):
    assert pinyin.convert(name) == spelled.split()
    assert pinyin.split_syllables(name) == spelled.split()


def test_the_file_of_divisions_is_read_as_the_readings_say():
    for _code, full_name, spelled, *_others in divisions.read_rows():
        assert pinyin.convert(full_name) == spelled.split(), "python -m scripts.divisions makes it"


def test_an_alias_is_read_as_the_full_name_is():
    table = pinyin.load_division_table()
    assert table["南京鼓楼区"] == "nan jing gu lou qu"
    assert table["科左中旗"] == "ke zuo zhong qi"
    assert table["克州"] == "ke zhou"
    for region in divisions.load_divisions():
        for name in (region.name, *region.aliases):
            assert len(table[name].split()) == len(name)


def test_a_correction_is_needed_and_is_a_syllable():
    lines = pinyin.READINGS_FILE.read_text("utf-8").splitlines()
    readings = dict(line.split("\t") for line in lines if not line.startswith("#"))
    assert len(readings) == sum(not line.startswith("#") for line in lines)
    for word, spelled in readings.items():
        assert len(word) == len(spelled.split()), word
        assert all(re.fullmatch("[a-z]+", each) for each in spelled.split())
        for char, syllable in zip(word, spelled.split(), strict=True):
            known = read(char, style=Style.NORMAL, heteronym=True)[0]
            assert syllable in known or word in UNKNOWN_TO_PYPINYIN, (word, known)
