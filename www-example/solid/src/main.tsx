import { Route, Router } from "@solidjs/router";
import { AuthProvider, RequireAuth } from "oidc-client-wasm/solid";
import type { ParentProps } from "solid-js";
import { render } from "solid-js/web";
import { auth } from "./auth";
import { Callback } from "./Callback";
import { Home } from "./Home";
import { Protected } from "./Protected";
import { SignedOut } from "./SignedOut";

/** A guard for every route below it. */
function Guarded(props: ParentProps) {
  return <RequireAuth fallback={SignedOut}>{props.children}</RequireAuth>;
}

render(
  () => (
    <AuthProvider auth={auth}>
      <Router>
        <Route path="/" component={Home} />
        <Route path="/callback" component={Callback} />
        <Route component={Guarded}>
          <Route path="/protected" component={Protected} />
        </Route>
      </Router>
    </AuthProvider>
  ),
  document.getElementById("root")!,
);
