const BEGIN = '<!-- bench:begin, written by npm run bench:report -->';
const END = '<!-- bench:end -->';

/** Puts a report between the markers of a document and leaves the prose around them. Throws where they are missing. */
export function splice(document: string, report: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks the markers "${BEGIN}" and "${END}"`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${report.trim()}\n\n${document.slice(end)}`;
}
