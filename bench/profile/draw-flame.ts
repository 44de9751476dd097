import { CustomChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { toStill } from '../report/to-still.ts';
import type { Call } from './call-tree.ts';
import type { Part } from './part-of.ts';

use([CustomChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 1_200;
const ROW = 16;
const FONT = 'sans-serif';
const MAX_DEPTH = 40;
/** Of the whole: what is narrower could not be seen. */
const MIN_SHARE = 0.002;
const PX_PER_LETTER = 6;

const COLORS: Record<Part, string> = {
  Tablehook: '#3b6fb6',
  'MongoDB driver': '#5a9e6f',
  'Temporal SDK': '#8d6cab',
  'HTTP server': '#d1793a',
  'HTTP client': '#c2a93b',
  validation: '#4fa3b5',
  log: '#a0785a',
  'workflow sandbox': '#b58fd0',
  'garbage collector': '#b5524f',
  sockets: '#9a9a9a',
  Node: '#c9c9c9',
};

interface Bar {
  call: Call;
  from: number;
  depth: number;
}

/** A flame graph: a row per depth of the stack, as wide as the time spent there, the widest first. */
export function drawFlame(root: Call, title: string): string {
  const bars = layOut(root);
  const depth = Math.max(...bars.map((bar) => bar.depth)) + 1;
  const height = 90 + depth * ROW;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      textStyle: { fontFamily: FONT },
      title: { text: title, left: 'center', textStyle: { fontSize: 15, fontFamily: FONT } },
      legend: { bottom: 4, data: Object.keys(COLORS), itemWidth: 14 },
      grid: { left: 8, right: 8, top: 40, bottom: 44 },
      xAxis: { type: 'value', min: 0, max: root.totalMs, show: false },
      yAxis: { type: 'value', min: 0, max: depth, show: false },
      series: Object.entries(COLORS).map(([part, color]) =>
        toSeries({ bars: bars.filter(({ call }) => call.part === part), part, color }),
      ),
    });
    return toStill(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

function layOut(root: Call): Bar[] {
  const bars: Bar[] = [];
  const visit = (caller: Call, from: number, depth: number): void => {
    let at = from;
    const calls = [...caller.callees.values()].toSorted((a, b) => b.totalMs - a.totalMs);
    for (const call of calls) {
      if (call.totalMs < MIN_SHARE * root.totalMs || depth > MAX_DEPTH) continue;
      bars.push({ call, from: at, depth });
      visit(call, at, depth + 1);
      at += call.totalMs;
    }
  };
  visit(root, 0, 0);
  return bars;
}

function toSeries({ bars, part, color }: { bars: Bar[]; part: string; color: string }) {
  return {
    type: 'custom' as const,
    name: part,
    itemStyle: { color },
    data: bars.map(({ call, from, depth }) => [from, from + call.totalMs, depth]),
    renderItem: (
      { dataIndex }: { dataIndex: number },
      api: { value: (index: number) => number | string; coord: (point: unknown[]) => number[] },
    ) => {
      const [x = 0, y = 0] = api.coord([api.value(0), Number(api.value(2)) + 1]);
      const [end = 0] = api.coord([api.value(1), 0]);
      const width = Math.max(1, end - x);
      const name = bars[dataIndex]?.call.name ?? '';
      const letters = Math.floor((width - 6) / PX_PER_LETTER);
      return {
        type: 'rect' as const,
        shape: { x, y, width, height: ROW - 1 },
        style: { fill: color, stroke: '#ffffff', lineWidth: 0.5 },
        textContent: {
          style: {
            text: letters > 3 ? name.slice(0, letters) : '',
            fill: '#111111',
            fontSize: 10,
            fontFamily: FONT,
          },
        },
        textConfig: { position: 'insideLeft' as const, distance: 3 },
      };
    },
  };
}
