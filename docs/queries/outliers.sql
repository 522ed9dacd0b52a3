-- 离群的：一个数比上一年度的变化，远离同一个数在全部单位的变化。
-- 变化取对数比；远离指离中位数超过 6 个绝对中位差，并且相差 20 以上。两处都可以改。
WITH 各数 AS (
    UNPIVOT (SELECT 单位, 名称, 年度, COLUMNS('^表.*\.') FROM 'all.parquet')
    ON COLUMNS('^表.*\.') INTO NAME 数 VALUE 值
),
变化 AS (
    SELECT
        本年.单位, 本年.名称, 本年.年度, 本年.数, 上年.值 AS 上年, 本年.值 AS 本年,
        ln((本年.值 + 1) / (上年.值 + 1)) AS 变化
    FROM 各数 AS 本年
    JOIN 各数 AS 上年
        ON 上年.单位 = 本年.单位 AND 上年.数 = 本年.数 AND 上年.年度 = 本年.年度 - 1
),
常态 AS (
    SELECT 数, 年度, median(变化) AS 中位, mad(变化) AS 离差
    FROM 变化
    GROUP BY ALL
)
SELECT 单位, 名称, 年度, 数, 上年, 本年
FROM 变化
JOIN 常态 USING (数, 年度)
WHERE abs(变化 - 中位) > 6 * greatest(离差, 0.1) AND abs(本年 - 上年) >= 20
ORDER BY abs(变化 - 中位) DESC, 单位, 年度, 数;
