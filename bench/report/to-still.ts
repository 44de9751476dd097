/** An SVG without what only a pointer would bring to life, whose names count up with every chart of a process. */
export function toStill(svg: string): string {
  return svg.replaceAll(/<style[^>]*>.*?<\/style>/gs, '').replaceAll(/ (?:class|ecmeta_\w+)="[^"]*"/g, '');
}
