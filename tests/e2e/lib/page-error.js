/** What a call in the page threw, with the fields it had there, so that `assert.rejects` can name them. */
export class PageError extends Error {
  constructor({ name, message, reported, ...fields }) {
    super(message);
    Object.assign(this, fields);
    Object.defineProperties(this, {
      name: { value: name },
      /** Everything that the page's own error reporting could have sent away. */
      reported: { value: reported },
    });
  }
}
