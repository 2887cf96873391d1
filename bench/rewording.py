"""The same script told again: other numbers, names and links, other words, fewer sentences in another order. Seeded."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

_PAIRS = """
    老人=老年人 老年人=长者 大爷=老爷子 大妈=阿姨 母亲=妈妈 父亲=爸爸 我妈=我母亲 我爸=我父亲 爷爷=阿公 奶奶=阿婆 儿子=孩子 女儿=闺女 邻居=隔壁的
    老伴=老头子 朋友=熟人 群众=居民 市民=来电人 工作人员=业务员 业务员=推销员 经理=主管 老板=负责人 负责人=老板 客服=接待员 老师=讲师 讲师=老师
    专家=教授 医生=大夫 护士=护理员 警察=民警 民警=公安 骗子=骗人的 受害人=被骗的人 会员=成员 店员=店里人 亲戚=亲属 家属=家里人
    养老院=敬老院 敬老院=养老院 养老公寓=老年公寓 养老机构=养老院 公司=企业 门店=店面 店铺=门店 店里=门店里 小区=社区 社区=居委会 酒店=宾馆
    宾馆=酒店 菜市场=农贸市场 超市=商场 公园=广场 广场=公园 银行=储蓄所 村里=本村 镇上=街上 城里=市区 办公室=写字间 会议室=大厅 基地=园区
    讲座=讲课 讲课=听课 听课=上课 活动=聚会 宣传=推销 推销=兜售 推荐=介绍 介绍=推荐 销售=售卖 出售=卖 购买=买 花钱=掏钱 付款=付钱
    支付=付款 转账=汇款 汇款=转钱 转钱=打款 打款=转账 充值=存钱 缴费=交费 交钱=付钱 交了=付了 缴纳=交纳 投资=投钱 入股=参股 理财=投资 存款=存钱
    利息=收益 收益=回报 返利=返现 返还=退还 退款=退钱 退钱=退款 本金=本钱 分红=红利 佣金=提成 押金=保证金 定金=订金 费用=钱款 价格=价钱
    便宜=划算 优惠=打折 免费=不要钱 赠送=白送 礼品=赠品 鸡蛋=食用油 体检=检查身体 检查=体检 保健品=营养品 营养品=保健品 药品=药物 产品=商品
    床垫=坐垫 治疗=医治 治好=医好 疗效=效果 效果=作用 身体=健康 疾病=毛病 高血压=血压高 糖尿病=血糖高 合同=协议 协议=合同 签订=签了 签字=签名
    收据=票据 发票=收据 证件=证明 身份证=证件 房子=房屋 房产=房子 房本=房产证 房产证=不动产证 抵押=质押 贷款=借款 借钱=借款 还款=还钱 过户=转让
    电话=号码 手机=电话 短信=信息 微信=聊天软件 微信群=聊天群 链接=网址 网址=链接 软件=程序 下载=安装 平台=网站 网站=平台 账户=账号 账号=账户
    银行卡=卡 卡号=账号 验证码=校验码 密码=口令 注册=登记 登录=登陆 扫码=扫二维码 点击=点开 直播=视频 视频=录像 拉黑=删除 联系=找到 失联=联系不上
    联系不上=找不到 打不通=没人接 跑路=卷款跑了 关门=停业 停业=关门 消失=不见了 要求=让 让我=叫我 告诉=跟 表示=说 声称=说是 称=说 承诺=保证
    保证=承诺 催促=催着 立即=马上 马上=立刻 立刻=赶紧 赶紧=赶快 今天=今日 昨天=昨日 明天=次日 上午=早上 早上=清早 下午=午后 晚上=夜里 最近=近来
    前几天=前些天 已经=早就 目前=现在 现在=眼下 后来=之后 之后=后来 一直=始终 经常=常常 每天=天天 每月=按月 多次=好几次 总共=一共 一共=合计
    大概=大约 左右=上下 如果=要是 因为=由于 所以=因此 但是=可是 而且=并且 或者=或是 怀疑=觉得 觉得=感觉 发现=察觉 知道=晓得 希望=盼望 请求=恳请
    帮助=帮忙 处理=解决 调查=查一查 核实=查实 举报=反映 反映=举报 投诉=举报 报警=报案 报案=报警 立案=受理 被骗=上当 上当=受骗 诈骗=骗钱 损失=亏损
    担心=害怕 害怕=担心 着急=焦急 生气=气愤 相信=信了 听说=听人讲 组织=召集 参加=参与 参与=参加 加入=进入 领取=领 登门=上门 上门=入户 走访=入户
    宣称=吹嘘 冒充=假扮 谎称=假称 诱导=引诱 骗取=骗走 高额=很高的 巨额=大额 大量=许多 很多=好多 许多=不少 部分=一些 所有=全部 全部=所有
    政府=官方 国家=政府 政策=规定 补贴=补助 补助=补贴 养老金=退休金 退休金=养老钱 社保=社会保险 补缴=补交 代办=代为办理 名额=指标 项目=工程
"""
_NUMERALS = "零一二三四五六七八九"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
_NAMES = "福寿安康颐和松鹤长青夕阳金秋瑞祥恒泰盛华东方银龄乐享仁爱百草康源"
_LATIN = "abcdefghijkmnpqrstuvwxyz"

Change = Callable[[str, random.Random], str]


@cache
def synonyms() -> dict[str, str]:
    """This function will give the words that are exchanged, each with what takes its place."""
    return dict(pair.split("=") for pair in _PAIRS.split())


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, synonyms()), key=len, reverse=True)))


def other_numbers(text: str, lot: random.Random) -> str:
    """This function will change every figure, every link and contact, every surname with a title and half of the names."""

    def latin(found: re.Match[str]) -> str:
        return "".join(lot.choice(_LATIN) for _ in found[0]) if len(found[0]) > 3 else found[0]

    text = re.sub(r"[A-Za-z]+", latin, text)
    text = re.sub(r"\d", lambda _: str(lot.randrange(10)), text)
    text = re.sub(rf"[{_NUMERALS}](?=[万千百十块元天月年号])", lambda _: lot.choice(_NUMERALS[1:]), text)
    text = re.sub(
        rf"[{_SURNAMES}](?=(?:某|老师|经理|主任|总|女士|先生|大爷|阿姨|医生))", lambda _: lot.choice(_SURNAMES), text
    )
    return re.sub(
        r"[\u4e00-\u9fff]{2}(?=(?:养老|康养|颐养|公司|集团|公寓|医院|药房|商贸|科技))",
        lambda found: "".join(lot.choices(_NAMES, k=2)) if lot.random() < 0.5 else found[0],
        text,
    )


def other_words(text: str, lot: random.Random) -> str:
    """This function will put another word for four of five that the table of synonyms knows."""
    return _words().sub(lambda found: synonyms()[found[0]] if lot.random() < 0.8 else found[0], text)


def fewer_clauses(text: str, lot: random.Random) -> str:
    """This function will keep 65 % of the clauses, one at least, in any order."""
    clauses = [clause for clause in re.split(r"[，。！？；：、,!?;\s]+", text) if clause]
    kept = lot.sample(clauses, max(1, round(len(clauses) * 0.65))) if clauses else [text]
    return "，".join(kept) + "。"


def all_three(text: str, lot: random.Random) -> str:
    """This function will do all of it."""
    return fewer_clauses(other_words(other_numbers(text, lot), lot), lot)


CHANGES: dict[str, Change] = {
    "other numbers, names, links": other_numbers,
    "other words": other_words,
    "65 % of the clauses, shuffled": fewer_clauses,
    "all three": all_three,
}
