// Runs in the page before the app: notes each place at which an element of a known id, or the name of the person, was ever in the document.

(() => {
  const ids = ['loading', 'sign-in', 'sign-out', 'name', 'call-api', 'api', 'error'];
  const look = () => {
    const seen = new Set(JSON.parse(sessionStorage.getItem('seen') ?? '[]'));
    const { size } = seen;
    for (const id of ids) if (document.getElementById(id)) seen.add(`${location.pathname} #${id}`);
    if (document.body?.textContent.includes('Moreau')) seen.add(`${location.pathname} the person`);
    if (seen.size > size) sessionStorage.setItem('seen', JSON.stringify([...seen]));
  };
  new MutationObserver(look).observe(document, { childList: true, characterData: true, subtree: true });
  addEventListener('pageshow', look);
})();
