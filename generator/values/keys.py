"""The words of our own file format: the keys of an office file that are not the form's.

Statutory labels, rows and figure paths are not here: they live in ``templates/`` and ``schemas/``.
"""

from typing import Final

# office.yaml
NAME: Final = "名称"
SHORT_NAME: Final = "简称"
KIND: Final = "类型"
MAKES_RULES: Final = "可制定规章"
DEADLINE: Final = "公开期限"
CONTACT: Final = "联系"
SITE: Final = "网页"
SITE_TAGS: Final = "其他标签"
ROLL_UP: Final = "汇总"
"""In ``office.yaml`` the members whose figures are added up; in a table, figures so computed."""
COMPETENT: Final = "主管部门"
DUE: Final = "报送期限"
EXCLUDED: Final = "不计入"
EXISTENCE: Final = "存续"
FIRST_YEAR: Final = "起"
LAST_YEAR: Final = "止"
MERGED_INTO: Final = "并入"

# the head and the foot of a report
FORM: Final = "格式"
YEAR: Final = "年度"
TITLE: Final = "标题"
LEAD: Final = "前言"
SIGN_OFF: Final = "落款"
SIGN_OFF_OFFICE: Final = "单位"
SIGN_OFF_DATE: Final = "日期"
ACCEPTED: Final = "接受"
ACCEPTED_RULE: Final = "规则"
ACCEPTED_PLACE: Final = "位置"
ACCEPTED_REASON: Final = "理由"
ACCEPTED_BY: Final = "批准人"
ACCEPTED_ON: Final = "批准日期"
ACCEPTED_UNTIL: Final = "有效至"
WHOLE_FILE: Final = "整个文件"

# a text
SUMMARY: Final = "概述"
ITEMS: Final = "分项"
HEADING: Final = "标题"
BODY: Final = "正文"

# a value in place of figures
NONE: Final = "无"
UNFILLED: Final = "待填"
BLANK: Final = "【待填"
"""How a blank within a text begins: 【待填：条数】."""
DOUBT: Final = "【待核实"
"""How what somebody has to decide begins: 【待核实：上年的数】."""

# names that expressions in prose may use besides the tables
OFFICE: Final = "单位"
PREVIOUS_YEAR: Final = "上年度"
PREVIOUS: Final = "上年"
