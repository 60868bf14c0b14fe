/** Ends programs and removes their folder where our own process is killed and can't do so itself. */
import { spawn } from "node:child_process";

export interface Watchdog {
  /** There is nothing to watch any longer. */
  dismiss(): void;
}

/** Reads until its end a pipe that only our process holds open: it ends when we do, however that was. */
const script = 'cat >/dev/null; folder="$1"; shift; kill -9 "$@" 2>/dev/null; rm -rf "$folder"';

export const watchOver = (folder: string, pids: readonly number[]): Watchdog => {
  const args = ["-c", script, "sh", folder, ...pids.map(String)];
  const child = spawn("sh", args, { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.unref();
  return {
    dismiss: () => {
      child.kill("SIGKILL");
    },
  };
};
