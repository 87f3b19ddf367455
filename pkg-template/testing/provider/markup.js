// HTML without holes: every value of a template is escaped, but for those that a template has made.

class Markup {
  constructor(text) {
    this.text = text;
  }
}

const escape = (value) => String(value).replace(/[&<>"'`]/g, (letter) => `&#${letter.charCodeAt(0)};`);

function render(value) {
  if (value === undefined || value === null || value === false) return "";
  if (Array.isArray(value)) return value.map(render).join("");
  return value instanceof Markup ? value.text : escape(value);
}

export function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(render)));
}

/** A page of the provider. It has no script, and no site may show it in a frame. */
export function page(title, content, { status = 200, headers = {}, base }) {
  const text = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · oidc-client-wasm dev-provider</title>
<link rel="stylesheet" href="${base}/style.css">
</head>
<body>
<main>
${content}
</main>
<footer>A provider for development and tests. Whoever can open this page can be everybody: it asks for no password.</footer>
</body>
</html>
`.text;
  return new Response(text, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      // No form-action: browsers apply it to the redirect back to the app as well.
      "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      ...headers,
    },
  });
}

export const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; grid-template-rows: 1fr auto; justify-items: center; align-items: center; }
main { width: min(26rem, 100vw - 2rem); box-sizing: border-box; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
form { margin: .5rem 0; display: grid; gap: .5rem; }
button { font: inherit; width: 100%; padding: .6rem .9rem; text-align: start; border: 1px solid #8888; border-radius: .5rem; background: #8881; color: inherit; cursor: pointer; }
button:hover, button:focus-visible { border-color: #0b8079; background: #0b807922; }
button small { display: block; opacity: .75; }
code { font-size: .9em; }
footer { padding: 1rem; font-size: .8rem; opacity: .75; max-width: 40rem; text-align: center; }
`;
