// The parameters of a login and of a logout: the names of their members here.

import { keyName, literal } from "./code/source.js";
import { bare } from "./code/scopes.js";

const BOTH = {
  state: "appState", id_token_hint: "idTokenHint", ui_locales: "uiLocales", extraQueryParams: "params",
};

export const LOGIN = {
  ...BOTH, prompt: "prompt", login_hint: "loginHint", max_age: "maxAge", acr_values: "acrValues", display: "display", redirect_uri: "redirectUri", scope: "scope", resource: "resource",
};

export const LOGOUT = { ...BOTH, post_logout_redirect_uri: "postLogoutRedirectUri", client_id: "clientId", logout_hint: "logoutHint" };

const DROPPED = {
  redirectMethod: "the page leaves by location.assign", redirectTarget: "the page itself leaves", skipUserInfo: "userinfo() asks for it where you need it", popupWindowTarget: "each login in a popup has a window of its own",
  silentRequestTimeoutInSeconds: "authorizeSilent() takes as long as requestTimeout", forceIframeAuth: "authorizeSilent() always uses a frame", response_type: "the response type is always code",
};

/** The features of `window.open` as the text that it takes. */
function featuresOf(value) {
  const object = bare(value);
  if (object?.type !== "ObjectExpression") return undefined;
  const parts = object.properties.map((property) => [keyName(property), literal(property.value)]);
  if (parts.some(([name, given]) => name === undefined || given === undefined)) return undefined;
  return JSON.stringify(parts.filter(([name]) => name !== "closePopupWindowAfterInSeconds").map(([name, given]) => `${name}=${given === true ? "yes" : given === false ? "no" : given}`).join(","));
}

/** Renames the members of the argument of a call. */
export function renameMembers(file, project, call, names) {
  const given = call.arguments[0];
  if (!given) return;
  const object = bare(given);
  if (object.type !== "ObjectExpression") {
    if (object.type === "Identifier" && object.name === "undefined") return;
    const known = project.objectOf(given, file);
    if (!known || known.file !== file || project.renamed?.has(known.node)) {
      if (!known || !project.renamed?.has(known.node)) file.todo(call, `The members of ${file.textOf(object)} have other names here: ${Object.entries(names).filter(([old, name]) => old !== name).slice(0, 3).map(([old, name]) => `${name} for ${old}`).join(", ")}, ….`);
      return;
    }
    rename(file, known.node, names);
    (project.renamed ??= new Set()).add(known.node);
    return;
  }
  rename(file, object, names);
}

function rename(file, object, names) {
  for (const property of object.properties) {
    const key = keyName(property);
    if (property.type === "SpreadElement" || key === undefined) {
      file.todo(property, "The members have other names here: appState for state, loginHint for login_hint, ….", { own: isOnOwnLine(file, property) });
      continue;
    }
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    if (name === "acrValues") acr(file, property);
    if (name !== undefined) {
      if (name === key || (name === "acrValues" && property.shorthand)) continue;
      if (property.shorthand) file.edits.insert(property.start, `${name}: `);
      else if (property.type === "ObjectProperty") file.edits.replace(property.key.start, property.key.end, name);
    } else if (key === "popupWindowFeatures" && featuresOf(property.value)) {
      file.edits.replace(property.start, property.end, `features: ${file.q(featuresOf(property.value))}`);
    } else if (Object.hasOwn(DROPPED, key)) {
      file.drop(property, key, DROPPED[key]);
      file.takeOut(object.properties, property);
    } else {
      file.todo(property, `${key} is no parameter here.`, { own: isOnOwnLine(file, property) });
    }
  }
}

const isOnOwnLine = (file, node) => file.text.slice(file.startOfLine(node.start), node.start).trim() === "";

function acr(file, property) {
  const value = literal(property.value);
  const text = value === undefined ? `${file.textOf(property.value)}.split(" ")` : JSON.stringify(String(value).split(" ").filter(Boolean)).replaceAll(",", ", ");
  if (property.shorthand) file.edits.replace(property.start, property.end, `acrValues: ${text}`);
  else file.edits.replace(property.value.start, property.value.end, text);
}
