/** Whose figures a part of the document holds. */
export type Part = 'bench' | 'overload';

/** Puts a report between its part's markers in a document and leaves the prose around them. Throws where they are missing. */
export function splice(document: string, report: string, part: Part = 'bench'): string {
  const begin = `<!-- ${part}:begin, written by npm run bench:report -->`;
  const [from, to] = [document.indexOf(begin), document.indexOf(`<!-- ${part}:end -->`)];
  if (from < 0 || to < from) throw new Error(`the document lacks the markers "${begin}" and its end`);
  return `${document.slice(0, from + begin.length)}\n\n${report.trim()}\n\n${document.slice(to)}`;
}
