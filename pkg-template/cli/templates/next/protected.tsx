import { Orders } from "./orders";

export default function Protected() {
  return (
    <main>
      <h1>Protected</h1>
      <Orders />
    </main>
  );
}
