/** The words of a text for the search: a code such as `expired_token` is a word, and so are its parts. */
export function words(text) {
  const parts = text.split(/[\n\r\p{Z}\p{P}]+/u).filter(Boolean);
  const codes = text.match(/[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+/gu) ?? [];
  return [...parts, ...codes];
}
