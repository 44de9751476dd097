import { styleText } from 'node:util';

/** Colours for words that matter; plain text where there is no terminal. */
export interface Paint {
  good: (text: string) => string;
  bad: (text: string) => string;
  busy: (text: string) => string;
  dim: (text: string) => string;
  strong: (text: string) => string;
}

/** A paint of real colours, or of none. */
export function createPaint(coloured: boolean): Paint {
  const brush = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    coloured ? styleText(style, text, { validateStream: false }) : text;
  return {
    good: brush('green'),
    bad: brush('red'),
    busy: brush('yellow'),
    dim: brush('dim'),
    strong: brush('bold'),
  };
}
