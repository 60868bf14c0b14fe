/** `npm run demo`: the product at work on a simulated AWS, told as stories. */
import { demo } from "../demo/demo.ts";

/** A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const { NO_COLOR: noColour = "", TERM: terminal } = process.env;

process.exitCode = await demo(process.argv.slice(2), {
  stdout: (text) => {
    process.stdout.write(text);
  },
  stderr: (text) => {
    process.stderr.write(text);
  },
  whisper: (text) => {
    // To the beginning of the line, and clear it.
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  },
  hasColour: process.stdout.isTTY && noColour === "" && terminal !== "dumb",
});
