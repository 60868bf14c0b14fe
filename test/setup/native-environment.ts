/**
 * The `testEnvironment` of Jest's configuration: the process as it is, without a virtual machine. It looks that a test file leaves
 * nothing behind that the next one in the same process would find.
 */
import { ModernFakeTimers } from "@jest/fake-timers";

type TimersConfig = ConstructorParameters<typeof ModernFakeTimers>[0]["config"];

/** What a file could leave to the next one: names alone, since values may be secret. */
const readProcess = (): string =>
  [
    `folder ${process.cwd()}`,
    `exit code ${String(process.exitCode ?? 0)}`,
    `environment ${Object.keys(process.env).toSorted().join(" ")}`,
  ].join(", ");

export default class NativeEnvironment {
  readonly global = globalThis;
  readonly timers: ModernFakeTimers;
  readonly #testPath: string;
  readonly #before = readProcess();
  /** The runner puts its own there. */
  readonly #console = globalThis.console;
  readonly #exit = Reflect.get(process, "exit");

  constructor(
    { projectConfig }: { readonly projectConfig: TimersConfig },
    { testPath }: { readonly testPath: string },
  ) {
    this.timers = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.#testPath = testPath;
  }

  setup(): Promise<void> {
    return Promise.resolve();
  }

  /** @throws Error naming the file that left the process other than it was */
  teardown(): Promise<void> {
    this.timers.dispose();
    globalThis.console = this.#console;
    process.exit = this.#exit;
    const after = readProcess();
    if (after === this.#before) return Promise.resolve();
    throw new Error(
      `${this.#testPath} changed the process that other tests share, from ${this.#before} to ${after}. Undo it in afterAll.`,
    );
  }

  getVmContext(): null {
    return null;
  }
}
