// Every page is rendered when the app is built, as for a person who is not known yet. The browser takes the page over, and shows what it knows.
export const prerender = true;
