import { auth, userManager } from "./auth";

async function main() {
  if (location.pathname === "/callback") {
    const from = await auth.completeLogin();
    history.replaceState(null, "", from);
  }
  await auth.start();
  show();
}

function show() {
  const status = document.querySelector("#status")!;
  status.textContent = auth.isLoggedIn ? `Hello ${auth.name}` : "Signed out";
}

auth.subscribe(show);
document.querySelector("#login")?.addEventListener("click", () => auth.login());
document.querySelector("#logout")?.addEventListener("click", () => void auth.logout());
document.querySelector("#sub")?.addEventListener("click", async () => {
  const user = (await userManager).app.token;
  alert(user?.userinfo!.sub ?? "nobody");
});

main().catch((error) => console.error(error));
