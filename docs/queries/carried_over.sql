-- 结转接不上的：本年度的「上年结转」不等于上一年度的「结转下年度继续办理」，按申请人逐类比较。
WITH 各数 AS (
    UNPIVOT (
        SELECT 单位, 名称, 年度, COLUMNS('^表三\.(上年结转|结转下年度继续办理)\.')
        FROM 'all.parquet'
    )
    ON COLUMNS('^表三\.') INTO NAME 数 VALUE 件数
),
分开 AS (
    SELECT 单位, 名称, 年度, split_part(数, '.', 2) AS 行, split_part(数, '.', 3) AS 申请人, 件数
    FROM 各数
)
SELECT
    本年.单位, 本年.名称, 本年.年度, 本年.申请人,
    上年.件数 AS 上年结转下年度, 本年.件数 AS 本年上年结转
FROM 分开 AS 本年
JOIN 分开 AS 上年
    ON 上年.单位 = 本年.单位 AND 上年.申请人 = 本年.申请人 AND 上年.年度 = 本年.年度 - 1
WHERE 本年.行 = '上年结转' AND 上年.行 = '结转下年度继续办理' AND 本年.件数 <> 上年.件数
ORDER BY ALL;
