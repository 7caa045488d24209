"""Traditional characters and the simplified ones that the rules are written in."""

from __future__ import annotations

_PAIRS = """
    對对 過过 歡欢 討讨 厭厌 請请 薦荐 給给 發发 說说 話话 還还 這这 個个
    們们 後后 週周 點点 時时 間间 號号 兩两 幾几 從从 來来 會会 應应 為为
    買买 賣卖 聽听 寫写 讀读 學学 習习 慣惯 愛爱 寧宁 願愿 飲饮 麼么 樣样
    覺觉 難难 換换 開开 關关 節节 陽阳 臘腊 農农 曆历 陰阴 舊旧 歲岁 紀纪
    電电 話话 機机 碼码 郵邮 職职 業业 畢毕 離离 結结 單单 獨独 訂订 遷迁
    區区 國国 慶庆 聖圣 誕诞 東东 車车 飛飞 預预 醫医 藥药 體体 養养 貓猫
    隻只 條条 讓让 變变 選选 擇择 項项 種种 圖图 書书 館馆 廳厅 飯饭 麵面
    雞鸡 魚鱼 蝦虾 鹹咸 裡里 邊边 頭头 臉脸 歷历 內内 無无 別别 決决 認认
    識识 謝谢 嗎吗 媽妈 爺爷 孫孙 親亲 鄰邻 師师 員员 總总 經经 辦办 實实
"""
_TABLE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})


def simplified(text: str) -> str:
    """The text with the traditional characters that rules look for in their simplified
    form: as long as before, letter by letter.
    """
    return text.translate(_TABLE)
