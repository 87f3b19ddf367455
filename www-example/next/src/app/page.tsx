import Link from "next/link";
import { Person } from "./person";

export default function Home() {
  return (
    <main>
      <h1>Next.js</h1>
      <Person />
      <p>
        <Link id="to-protected" href="/protected">The protected page</Link>
      </p>
    </main>
  );
}
