/** Joins without being seen: a mark beside it begins or ends nothing. */
const JOINER = '\u2060';

// Within a word, as in an id, an underscore is none.
const MARKS = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&gt;/gu;

/** Text for a `plain_text` object: on one line, Slack's three control characters escaped. */
export function toPlainText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Text for mrkdwn that shows as it is: its marks format nothing, quote nothing and mention nobody. */
export function toMrkdwn(text: string): string {
  return toPlainText(text).replaceAll(MARKS, `${JOINER}$&${JOINER}`).replaceAll('@', `@${JOINER}`);
}

/** A URL as the target of a link. */
export function toTarget(url: string): string {
  return toPlainText(url).replaceAll('|', '%7C');
}

/** A link to a target that shows a text, mrkdwn both. */
export function toLink(target: string, text: string): string {
  return `<${target}|${text.replaceAll('|', '¦')}>`;
}
