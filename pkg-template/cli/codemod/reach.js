// How other modules of the app reach the client, in words, for what the codemod leaves to a person.

import { dirname, relative, sep } from "node:path";
import { isTaken } from "./imports.js";

/** The module of `home` as an import of `file` names it. */
function specifier(home, file) {
  const path = relative(dirname(file.path), home.path).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** What stands for the client in the app: its name, the promise of its registry, and what makes it known in `file`. */
export function reach(project, file) {
  const site = [...project.sites.values()].find(({ isConverted }) => isConverted);
  const declarator = site?.node.parent.type === "VariableDeclarator" && site.node.parent.id.type === "Identifier" ? site.node.parent : undefined;
  const auth = project.auths?.[0] ?? (declarator && { name: declarator.id.name, file: site.file, isAuth: site.asAuth, isExported: isExported(declarator) });
  if (!auth) return { name: "auth", oauth: "auth.oauth", how: "auth is what createAuth gives, or createOAuth, which is the promise of the registry itself." };
  const isHere = auth.file === file;
  const from = specifier(auth.file, file);
  // In a component, auth is mostly what useAuth() gives.
  const isOther = !isHere && isTaken(file, auth.name) && !/^Import/.test(file.names.names().get(auth.name)?.declaration.type);
  const name = isOther ? file.free(`app${auth.name[0].toUpperCase()}${auth.name.slice(1)}`) : auth.name;
  const as = isOther ? `${auth.name} as ${name}` : name;
  const how = isHere ? `${name} is that of this module.` : auth.isExported ? `Import { ${as} } from "${from}".` : `Move ${auth.name} from ${from} into a module of its own, and import { ${as} } from there.`;
  return { name, oauth: auth.isAuth ? `${name}.oauth` : name, how };
}

function isExported({ id, parent }) {
  if (parent.parent.type === "ExportNamedDeclaration") return true;
  return Boolean(parent.parent.body?.some?.((node) => (node.type === "ExportNamedDeclaration" && !node.source && node.specifiers.some(({ local }) => local?.name === id.name)) || (node.type === "ExportDefaultDeclaration" && node.declaration.name === id.name)));
}
