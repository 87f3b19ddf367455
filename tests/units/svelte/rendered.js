/** What a server renders of Status.svelte in Tree.svelte: server.test.js holds it, and state.test.js takes it over in a page. */
export const rendered = '<!--[--><!--[0--><!--[--><p>loading</p> <!--[-1--><i>nobody</i><!--]--><!--]--><!--]--><!--]-->';
