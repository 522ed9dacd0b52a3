"""Makes workspaces of realistic reports: every row written out, figures that add up, prose.

The same size gives the same files on any day, so that figures of different days compare.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
UNPAID = "申请人逾期未按收费通知要求缴纳费用"
OUTCOMES: dict[str, tuple[str, ...]] = {
    "予以公开": (),
    "部分公开": (),
    "不予公开": (
        "属于国家秘密",
        "其他法律行政法规禁止公开",
        "危及三安全一稳定",
        "保护第三方合法权益",
        "属于三类内部事务信息",
        "属于四类过程性信息",
        "属于行政执法案卷",
        "属于行政查询事项",
    ),
    "无法提供": (
        "本机关不掌握相关政府信息",
        "没有现成信息需要另行制作",
        "补正后申请内容仍不明确",
    ),
    "不予处理": (
        "信访举报投诉类申请",
        "重复申请",
        "要求提供公开出版物",
        "无正当理由大量反复申请",
        "要求行政机关确认或重新出具已获取信息",
    ),
    "其他处理": (
        "申请人无正当理由逾期不补正",
        UNPAID,
        "其他",
    ),
}
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结")

# Clauses are put together from these, so that no office writes what another one does.
WHO = "党政办公室|便民服务中心|综合执法队|财政所|民政站|各村|平台管理员|窗口人员|包村干部|信息员"
HOW = "按周|逐月|按季|会同有关站所|对照目录|随案|当场|分类|集中|提前"
DOES = "核对|整理|更新|登记|抽查|汇总|补录|公示|讲解|回访"
WHAT = (
    "公开目录|惠民补贴名单|项目建设进度|办事指南|村务公开栏|收费依据|处罚决定书|来信来电|申请登记簿|"
    "历年文件|政策问答|会议纪要|答复文书|应急预案|救助标准|征地公告"
)

TEXT = (Path(__file__).parent / "report.yaml.txt").read_text(encoding="utf-8")


def make(folder: Path, reports: int, *, years: int = 1, last: int = 2024) -> None:
    """Write a workspace of ``reports`` reports, ``years`` of them an office, into ``folder``."""
    for number in range(reports // years):
        district, town = divmod(number, 40)
        office = folder / f"district{district:03}" / f"town{town:02}"
        office.mkdir(parents=True)
        name = f"第{district + 1}区第{town + 1}镇"
        (office / "office.yaml").write_text(
            f"名称: {name}人民政府\n简称: {name}\n类型: 乡镇人民政府\n", encoding="utf-8"
        )
        dice = random.Random(number)
        history = History(dice)
        for year in range(last - years + 1, last + 1):
            first = year == last - years + 1
            (office / f"{year}.yaml").write_text(report(history, year, alone=first), "utf-8")


class History:
    """What an office hands on from year to year."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.valid = dice.randint(20, 60)
        self.carried = _row(dice, 1, 4)
        self.fees = dice.uniform(1, 90000)
        self.counts = {name: dice.randint(50, 5000) for name in ("permits", "fines", "forced")}


def report(history: History, year: int, *, alone: bool) -> str:
    """Return the office's next report; ``alone`` when there is none of the year before."""
    dice = history.dice
    made, ended = dice.randint(1, 9), dice.randint(1, 5)
    history.valid += made - ended
    history.counts = {name: round(n * dice.uniform(0.9, 1.1)) for name, n in history.counts.items()}
    history.fees *= dice.uniform(0.9, 1.1)
    site, mobile = dice.randint(200, 900), dice.randint(200, 900)
    applications, unpaid, history.carried = _applications(dice, history.carried)
    paid = dice.randint(1, 9)
    values = {
        **history.counts,
        "year": year,
        "total": site + mobile,
        "site": site,
        "mobile": mobile,
        "growth": "" if alone else "，{{ 表三.本年新收.总计 | 同比(上年.表三.本年新收.总计) }}",
        "made": made,
        "ended": ended,
        "valid": history.valid,
        "fees": f"{history.fees:.4f}",
        "applications": applications,
        "disputes": _mapping(RESULTS, [dice.randint(1, 9) for _ in RESULTS]),
        "notices": paid + unpaid,
        "due": (paid + unpaid) * 200,
        "paid": paid,
        "received": paid * 200,
    }
    text = TEXT
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", str(value))
    text = re.sub("<<prose>>", "<<clause>>，<<clause>>，<<clause>>。", text)
    return re.sub("<<clause>>", lambda _: _clause(dice), text)


def _clause(dice: random.Random) -> str:
    return "".join(dice.choice(part.split("|")) for part in (WHO, HOW, DOES, WHAT))


def _applications(dice: random.Random, carried: list[int]) -> tuple[str, int, list[int]]:
    """Write table three; what is new is what was handled and is left, less what was carried.

    Return it with the number of those who did not pay, and what is carried over.
    """
    total, unpaid = [0] * len(COLUMNS), 0
    lines = ["  本年度办理结果:"]
    for outcome, cases in OUTCOMES.items():
        indent = "    "
        if cases:
            lines.append(f"    {outcome}:")
            indent += "  "
        for case in cases or (outcome,):
            row = _row(dice, 1, 9)
            total = [a + b for a, b in zip(total, row, strict=True)]
            unpaid = sum(row) if case == UNPAID else unpaid
            lines.append(f"{indent}{case}: {_mapping(COLUMNS, row)}")
    left = _row(dice, 1, 4)
    new = [t + after - before for t, after, before in zip(total, left, carried, strict=True)]
    lines.insert(0, f"  上年结转: {_mapping(COLUMNS, carried)}")
    lines.insert(0, f"  本年新收: {_mapping(COLUMNS, new)}")
    lines.append(f"  结转下年度继续办理: {_mapping(COLUMNS, left)}")
    return "\n".join(lines), unpaid, left


def _row(dice: random.Random, least: int, most: int) -> list[int]:
    return [dice.randint(least, most) for _ in COLUMNS]


def _mapping(names: tuple[str, ...], values: list[int]) -> str:
    inner = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    return "{" + inner + "}"
