/** `npm run reconcile`: the savings ledger held against AWS's bill. */
import { reconcileCommand } from "../reconcile/command.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(process, reconcileCommand);
