/**
 * Builds Kubernetes' own programs from Go modules into a folder, once for each release: they are not published for all machines, and
 * the modules are. No Go code is needed: the programs are tools of a module that is written here.
 */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";

/** The release whose replies were studied; EKS offers it. */
const release = "1.35.4";
/** The Go version that the module's language is set to, and the one whose runtime defaults Kubernetes 1.35 is built with. */
const [language, runtimeDefaults] = ["1.26", "go1.25"];

const commands = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
const etcdPackage = "go.etcd.io/etcd/server/v3";

type Program = (typeof commands)[number] | "etcd";

/** The path of each. */
export type Binaries = Readonly<Record<Program, string>>;

export interface BuildOptions {
  /** Absolute; a folder of the release is made in it. */
  readonly cache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly progress: (text: string) => void;
}

/** Where they are kept unless told otherwise. */
export const defaultCache = join(homedir(), ".cache", "spot-optimizer", "kube");

/** Sets the version that the programs tell of themselves. */
const linkerFlags = (): string => {
  const [major = "", minor = ""] = release.split(".");
  const variable = "k8s.io/component-base/version";
  const set = (name: string, value: string): string => `-X ${variable}.${name}=${value}`;
  return `-s -w ${set("gitVersion", `v${release}`)} ${set("gitMajor", major)} ${set("gitMinor", minor)}`;
};

/** Undefined where Go is on the PATH. */
export const whyNoGo = (): string | undefined =>
  spawnSync("go", ["version"]).status === 0 ? undefined : "Go is not on the PATH";

type RunGo = (...args: readonly string[]) => SpawnSyncReturns<string>;

const goIn =
  (folder: string, environment: BuildOptions["environment"]): RunGo =>
  (...args) => {
    const ended = spawnSync("go", args, {
      cwd: folder,
      encoding: "utf8",
      // The pins are written here: neither another toolchain nor another version is looked for.
      env: { ...environment, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod", CGO_ENABLED: "0" },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ended.status === 0) return ended;
    const why = ended.error?.message ?? `${ended.stdout}${ended.stderr}`.trim().slice(-4000);
    throw new Error(`go ${args.join(" ")} failed:\n${why}`);
  };

const downloadSchema = z.object({ GoMod: z.string() });

/** Modules that Kubernetes keeps in its own repository: it requires them at v0.0.0, and publishes each beside every release. */
const stagingModules = (go: RunGo): readonly string[] => {
  const { stdout } = go("mod", "download", "-json", `k8s.io/kubernetes@v${release}`);
  const { GoMod } = downloadSchema.parse(JSON.parse(stdout));
  const found = readFileSync(GoMod, "utf8").matchAll(/^\s*(k8s\.io\/\S+) v0\.0\.0$/gm);
  return [...new Set([...found].map(([, name = ""]) => name))];
};

const packageOf = (command: string): string => `k8s.io/kubernetes/cmd/${command}`;

/** No `go get` and no `go mod tidy`: they would move the pins. */
const writeModule = (go: RunGo): void => {
  go("mod", "init", "kube");
  const published = `v0.${release.split(".").slice(1).join(".")}`;
  go(
    "mod",
    "edit",
    `-go=${language}`,
    `-godebug=default=${runtimeDefaults}`,
    `-require=k8s.io/kubernetes@v${release}`,
    ...stagingModules(go).map((name) => `-replace=${name}=${name}@${published}`),
    ...commands.map((command) => `-tool=${packageOf(command)}`),
    `-tool=${etcdPackage}`,
  );
};

/** What is built, and how: another recipe builds anew. */
const recipe = (): string =>
  createHash("sha256")
    .update(JSON.stringify([release, language, runtimeDefaults, commands, etcdPackage]))
    .update(linkerFlags())
    .digest("hex");

/** 10 to 25 minutes the first time on two cores, then nothing. @throws Error with the end of what Go said */
export const buildBinaries = ({ cache, environment, progress }: BuildOptions): Binaries => {
  const folder = join(cache, `v${release}`);
  const bin = join(folder, "bin");
  const binaries: Binaries = {
    etcd: join(bin, "etcd"),
    "kube-apiserver": join(bin, "kube-apiserver"),
    "kube-controller-manager": join(bin, "kube-controller-manager"),
    "kube-scheduler": join(bin, "kube-scheduler"),
  };
  const mark = join(folder, ".built");
  const wanted = recipe();
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return binaries;
  const moduleFolder = join(folder, "module");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(moduleFolder, { recursive: true });
  mkdirSync(bin);
  const go = goIn(moduleFolder, environment);
  progress(`reading the modules of Kubernetes ${release}`);
  writeModule(go);
  progress("building etcd");
  go("build", "-trimpath", "-ldflags", "-s -w", "-o", binaries.etcd, etcdPackage);
  for (const command of commands) {
    progress(`building ${command}: minutes the first time`);
    const options = ["-trimpath", "-ldflags", linkerFlags(), "-o", binaries[command]];
    go("build", ...options, packageOf(command));
  }
  writeFileSync(mark, wanted);
  return binaries;
};
