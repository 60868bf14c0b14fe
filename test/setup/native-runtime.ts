/**
 * The `runtime` of Jest's configuration: test files are loaded by Node itself, as `node file.ts` does, and not in a virtual
 * machine. In one, every file would load and warm up the product, the SDK and zod anew: half of the time of all tests.
 */
import { createRequire, enableCompileCache, flushCompileCache } from "node:module";
import type * as JestGlobals from "@jest/globals";
import { ModuleMocker } from "jest-mock";
import type NativeEnvironment from "./native-environment.ts";
import { importTest, shareModules } from "./shared-modules.ts";

type Globals = typeof JestGlobals;
type CircusGlobals = Omit<Globals, "jest">;

const require = createRequire(import.meta.url);
const globalsByFile = new Map<string, Globals>();

/** @throws Error if the module that asks belongs to no test file that is running */
export const globalsFor = (testPath: string | undefined): Globals => {
  const globals = testPath === undefined ? undefined : globalsByFile.get(testPath);
  if (globals === undefined)
    throw new Error(`No test file of Jest is running: ${String(testPath)}.`);
  return globals;
};

let isSharing = false;

interface Project {
  readonly rootDir: string;
}

/** Compiled code is kept where NODE_COMPILE_CACHE says: Jest's own process began before the configuration set it. */
const shareOnce = ({ rootDir }: Project): void => {
  if (isSharing) return;
  isSharing = true;
  enableCompileCache();
  shareModules(rootDir);
};

/** Where jest-circus keeps them: the handlers and the state of one file's tests are not the next one's. */
const handlersKey = Symbol.for("EVENT_HANDLERS");
const timeoutKey = Symbol.for("TEST_TIMEOUT_SYMBOL");

const isCircusState = (key: symbol): boolean =>
  key === handlersKey || key === timeoutKey || key.description === "JEST_STATE_SYMBOL";

/** @throws Error if jest-circus keeps its state elsewhere by now */
const forgetCircus = (): void => {
  const keys = Object.getOwnPropertySymbols(globalThis).filter(isCircusState);
  if (keys.length < 2) throw new Error("jest-circus keeps its state under other names by now.");
  for (const key of keys) Reflect.deleteProperty(globalThis, key);
};

const sinon = createRequire(require.resolve("aws-sdk-client-mock")).resolve("sinon");

/** aws-sdk-client-mock makes its stubs in sinon's one sandbox, which holds each of them, and all that they were told, until it is restored. */
const forgetStubs = (): void => {
  const loaded = require.cache[sinon]?.exports as { readonly restore: () => void } | undefined;
  loaded?.restore();
};

/** As much of Jest's `jest` as the tests use. */
const makeJest = ({ timers }: NativeEnvironment) => {
  const mocker = new ModuleMocker(globalThis);
  return {
    spyOn: mocker.spyOn.bind(mocker),
    setTimeout: (ms: number) => Reflect.set(globalThis, timeoutKey, ms),
    useFakeTimers: timers.useFakeTimers.bind(timers),
    useRealTimers: timers.useRealTimers.bind(timers),
    advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
    advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
    getTimerCount: timers.getTimerCount.bind(timers),
  } as unknown as Globals["jest"];
};

/** What Jest's runner and jest-circus ask of a runtime. */
export default class NativeRuntime {
  readonly #environment: NativeEnvironment;
  readonly #testPath: string;

  constructor(
    project: Project,
    environment: NativeEnvironment,
    _resolver: unknown,
    _transformer: unknown,
    _sources: unknown,
    _coverage: unknown,
    testPath: string,
  ) {
    this.#environment = environment;
    this.#testPath = testPath;
    shareOnce(project);
  }

  /** Each test file has its own jest-circus: tests and hooks of one file are not the next one's. */
  requireInternalModule(path: string): unknown {
    Reflect.deleteProperty(require.cache, path);
    return require(path);
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  async unstable_importModule(path: string): Promise<void> {
    // Jest's own looks for the source map of each line of a trace. Node leaves every line where it is, and there are no maps.
    Reflect.deleteProperty(Error, "prepareStackTrace");
    await importTest(path);
  }

  setGlobalsForRuntime(globals: CircusGlobals): void {
    globalsByFile.set(this.#testPath, { ...globals, jest: makeJest(this.#environment) });
  }

  getSourceMaps(): null {
    return null;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  enterTestCode(): void {
    return;
  }

  leaveTestCode(): void {
    return;
  }

  teardown(): void {
    // The process may be ended before it writes of its own accord.
    flushCompileCache();
    forgetStubs();
    if (globalsByFile.delete(this.#testPath)) forgetCircus();
  }
}
