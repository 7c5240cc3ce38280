import type { ZipfSeries } from './zipf.ts';

const width = 800;
const height = 600;
/** A grey that is readable on both black and white. */
const text = '#808080';
const grid = 'rgba(128, 128, 128, 0.25)';
/** Distinguishable for colour-blind readers, on light and dark backgrounds (Okabe & Ito 2008). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
const names = ['unigram', 'bigram', 'trigram', '4-gram', '5-gram', '6-gram'];

/** The log–log plot of the chapter: frequency over rank, one line for each order. An SVG document. */
export async function plotZipf(title: string, series: readonly ZipfSeries[]): Promise<string> {
  // Loaded on first use, since loading it takes longer than the rest of the service's startup.
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  const axis = (name: string, nameGap: number) => ({
    type: 'log' as const,
    name,
    nameGap,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: text, fontSize: 14 },
    axisLabel: { color: text },
    axisLine: { show: true, onZero: false, lineStyle: { color: text } },
    axisTick: { show: true },
    splitLine: { lineStyle: { color: grid } },
  });
  try {
    chart.setOption({
      animation: false,
      color: colours,
      title: { text: title, left: 'center', textStyle: { color: text, fontSize: 16 } },
      // With a height of 0 the legend draws no dot on the line, which would hide its dashes.
      legend: {
        top: 50,
        right: 50,
        orient: 'vertical',
        itemWidth: 40,
        itemHeight: 0,
        textStyle: { color: text },
      },
      grid: { left: 80, right: 40, top: 45, bottom: 60 },
      xAxis: axis('rank i', 32),
      yAxis: axis('frequency n', 55),
      series: series.map(({ order, alpha, points }) => ({
        type: 'line',
        name: alpha === null ? names[order - 1] : `${names[order - 1]}, α = ${alpha.toFixed(2)}`,
        symbol: points.length === 1 ? 'circle' : 'none',
        lineStyle: { width: 2, type: lineType(order) },
        data: points.map(({ rank, frequency }) => [rank, frequency]),
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** As in the chapter, the lines can be distinguished without colours. */
function lineType(order: number): 'solid' | 'dashed' | 'dotted' {
  return (['solid', 'dashed', 'dotted'] as const)[(order - 1) % 3];
}
