/** Free text, such as a name, with what markdown would read as markup escaped, on one line. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()<>#|!~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** "1 change", "2 changes", "1,022 changes". */
export function count(many: number, one: string, more = `${one}s`): string {
  return `${many.toLocaleString('en')} ${many === 1 ? one : more}`;
}
