/** `npm run train`: fits a risk model on recorded markets, reports how good it is later, and writes its file. */
import { runMain } from "../terminal/terminal.ts";
import { trainModel } from "../training/command.ts";

await runMain(process, trainModel);
