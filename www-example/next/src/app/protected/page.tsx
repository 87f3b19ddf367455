import Link from "next/link";
import { Orders } from "./orders";

/** Rendered on the server, for everybody: what belongs to the person is in a client component. */
export default function Protected() {
  return (
    <main>
      <h1>Protected</h1>
      <Orders />
      <p>
        <Link href="/">Home</Link>
      </p>
    </main>
  );
}
