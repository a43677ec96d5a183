"""Recognise what stands behind the tasks: closing paragraphs, signatures, notes, site text."""

import re

SITE_FURNITURE = re.compile(
    "版权|备案|ICP|公网安备|主办[:：单]|承办[:：单]|上一[篇条]|下一[篇条]|打印|关闭|分享|扫一扫|相关(?:文章|稿件|文件|报道|阅读|链接|新闻|推荐|信息)|责任编辑|编辑[:：]|字号|字体|首\\s*页|网站地图"
    "|联系我们|联系电话|地址[:：]|邮编|Copyright|浏览(?:次数|量)|点击|阅读次数|当前位置|您的位置|无障碍|收藏|返回顶部|技术支持|建议使用|专\\s*题|封面|微信|微博|登录|注册|English|政务公开"
    "|专题专栏|互动交流|信息公开目录|标识码|网站声明|关于我们|友情链接|来源[:：]|【.{0,6}】$",
    re.IGNORECASE,
)
# How a line of a web site begins that continues no sentence before it.
SITE_LINE_START = re.compile(
    "(?:责任)?编辑[:：]|[上下]一[篇条][:：]|版权所有|相关(?:文章|链接|阅读)"
)
# 责任单位：县水利局 and the row 1 治河 县水利局 are no signatures.
SIGNATURE = re.compile(
    "(?!\\d|[^:：]{0,12}(?:责任|牵头|配合|负责)[^:：]{0,4}[:：])[^。，；]{2,40}(?:人民政府|办公厅|办公室|委员会|领导小组|[厅局委部院会])(?:办公厅|办公室)?\\s*(?:20\\d\\d\\s*年.*)?"
)
CLOSING_LINE = re.compile("[（(]?(?:此件|信息公开选项|抄送|联系人|公开)")
CONTACT_LINE = re.compile(
    "[（(]?(?:(?:业务|工作|具体)?(?:联系|咨询|投诉|监督|举报|服务|经办|填报|填表|制表|审核|校对)(?:人员?|方式|电话|热线|邮箱|信箱|地址)"
    "|(?:填报|填表|制表)单位|(?:联系)?电话|传真|(?:电子)?邮箱|邮编|网址)[ \u3000]*[:：]"
)
PLAN = "(?:本|此|该)(?:方案|计划|要点|意见|办法|通知|措施|细则|清单|政策|规划|分工|行动|文件)"
CLOSING_SENTENCE = re.compile(
    f"{PLAN}[^。]{{0,40}}(?:施行|实施|执行|为准|解释|有效期)|附\\s*则"
    "|(?:请?各|请|有关|全[省市县区])[^。]{0,80}?(?:贯彻落实|贯彻执行|抓好(?:贯彻)?落实|遵照执行|组织实施|及时(?:报告|报送|上报|反馈)|报送[^。]{0,30})"
    f"|[^。]{{0,20}}(?:重要|重大)(?:情况|问题|事项)[^。]{{0,10}}及时报告|[^。]{{0,30}}(?:落实|贯彻){PLAN}"
)
MAX_CLOSING = 300  # characters


def is_contact_line(text: str) -> bool:
    """Return whether a line says whom to ask: 联系人：王明（县水利局）.  Its names have no duty."""
    return bool(CONTACT_LINE.match(text.strip()))


def is_closing_paragraph(text: str) -> bool:
    """Return whether a paragraph without a number and a clause closes the plan.

    各乡镇要认真抓好落实，重要情况及时报告。本方案自印发之日起施行。
    """
    text = text.strip()
    return len(text) <= MAX_CLOSING and bool(
        CLOSING_SENTENCE.match(text) or CONTACT_LINE.match(text)
    )
