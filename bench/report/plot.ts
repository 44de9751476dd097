import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { init, use } from 'echarts/core';
import type { BarSeriesOption, CustomSeriesOption } from 'echarts/charts';
import { SVGRenderer } from 'echarts/renderers';
import type { Range } from './range.ts';
import { toStill } from './to-still.ts';

use([BarChart, CustomChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

type SeriesOption = BarSeriesOption | CustomSeriesOption;
type Option = ComposeOption<SeriesOption>;

/** Bars by category and series, each the median with a whisker from the least to the most. */
export interface Plot {
  file: string;
  title: string;
  unit: string;
  categories: string[];
  series: { name: string; ranges: (Range | null)[] }[];
  /** Series on top of each other, without whiskers, where they are parts of a whole. */
  stacked?: boolean;
  logarithmic?: boolean;
}

const WIDTH = 860;
const HEIGHT = 380;
const FONT = 'sans-serif';
const COLORS = ['#3b6fb6', '#d1793a', '#5a9e6f', '#8d6cab', '#b5524f', '#7a7a7a', '#c2a93b', '#4fa3b5'];

/** Draws a plot as a stand-alone SVG on a white ground; the same input gives the same bytes. */
export function drawPlot(plot: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(toOption(plot));
    return toStill(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

function toOption({ title, unit, categories, series, stacked = false, logarithmic = false }: Plot): Option {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLORS,
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 'center', textStyle: { fontSize: 15, fontFamily: FONT } },
    legend: { bottom: 0, data: series.map(({ name }) => name) },
    grid: { left: 64, right: 16, top: 48, bottom: 64 },
    xAxis: { type: 'category', data: categories, axisLabel: { interval: 0 } },
    yAxis: { type: logarithmic ? 'log' : 'value', name: unit, nameGap: 12 },
    series: series.flatMap(({ name, ranges }, index) => [
      {
        type: 'bar',
        name,
        ...(stacked && { stack: 'all' }),
        barMaxWidth: 42,
        data: ranges.map((range) => range?.median ?? '-'),
      },
      ...(stacked ? [] : [whiskers({ ranges, index, of: series.length })]),
    ]),
  };
}

interface WhiskersInput {
  ranges: (Range | null)[];
  index: number;
  of: number;
}

/** The layout of grouped bars is ECharts' own, so the whisker asks it where its bar stands. */
function whiskers({ ranges, index, of }: WhiskersInput): CustomSeriesOption {
  return {
    type: 'custom',
    data: ranges.flatMap((range, category) => (range === null ? [] : [[category, range.min, range.max]])),
    encode: { x: 0, y: [1, 2] },
    z: 10,
    renderItem: (_params, api) => {
      const bar = api.barLayout({ count: of, barMaxWidth: 42 })?.[index];
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      const at = x + (bar?.offsetCenter ?? 0);
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: '#222222', lineWidth: 1 },
      });
      const children = [
        line(at, low, at, high),
        line(at - 4, low, at + 4, low),
        line(at - 4, high, at + 4, high),
      ];
      return { type: 'group', children };
    },
  };
}
