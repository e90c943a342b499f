"""Province-level units and well-known cities outside Jilin: so that 北京市朝阳区 is not 长春市朝阳区."""

_MUNICIPALITIES = "北京 上海 天津 重庆"
_PROVINCES = "辽宁 黑龙江 河北 山西 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾"
_REGIONS = {
    "内蒙古": "内蒙古自治区", "广西": "广西壮族自治区", "西藏": "西藏自治区", "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区", "内蒙": "内蒙古自治区", "香港": "香港特别行政区", "澳门": "澳门特别行政区",
}  # fmt: skip
_CITIES = (
    "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛 哈尔滨 齐齐哈尔 佳木斯 大庆 鸡西 双鸭山 伊春 七台河 鹤岗 "
    "黑河 绥化 呼和浩特 包头 赤峰 通辽 呼伦贝尔 乌兰浩特 石家庄 太原 济南 青岛 郑州 武汉 长沙 广州 深圳 南京 苏州 杭州 宁波 合肥 福州 "
    "厦门 南昌 南宁 海口 成都 贵阳 昆明 拉萨 兰州 西宁 银川 乌鲁木齐 牡丹江 绥芬河 嫩江 西安 朝阳"
)
# County-level units next door: only with their suffix.
_NEIGHBOURS = "五常市 东宁市 宁安市 开原市 海林市 尚志市 兴安盟 清原县 昌图县 西丰县 桓仁县 宽甸县 科左中旗 科右前旗 科右中旗 扎赉特旗"


def outside_forms() -> list[tuple[str, str]]:
    """Return the written forms of places outside, each with its formal name."""
    found = [(form, f"{name}市") for name in _MUNICIPALITIES.split() for form in (name, f"{name}市")]
    found += [(form, f"{name}省") for name in _PROVINCES.split() for form in (name, f"{name}省")]
    found += [(form, formal) for name, formal in _REGIONS.items() for form in (name, formal)]
    found += [("内蒙古区", "内蒙古自治区"), ("新疆自治区", "新疆维吾尔自治区")]
    found += [(form, f"{name}市") for name in _CITIES.split() for form in (name, f"{name}市")]
    found += [(name, name) for name in _NEIGHBOURS.split()]
    return list(dict.fromkeys(found))
