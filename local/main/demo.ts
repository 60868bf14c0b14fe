/** `npm run demo`: the product at work on a simulated AWS, told as stories. */
import { demo } from "../demo/demo.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(process, demo);
