-- 各地区各年度相加：地区是「单位」路径的第一级，要第二级的把 1 改成 2。
SELECT
    split_part(单位, '/', 1) AS 地区,
    年度,
    count(*) AS 单位数,
    sum("表三.本年新收.总计") AS 本年新收,
    sum("表三.本年度办理结果.总计.总计") AS 办理结果,
    sum("表三.结转下年度继续办理.总计") AS 结转下年度,
    sum("表二.行政事业性收费") AS 收费万元
FROM 'all.parquet'
GROUP BY ALL
ORDER BY ALL;
