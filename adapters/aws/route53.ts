/** Route 53: which records of the account's hosted zones have a value that is looked for. */
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type HostedZone,
  type ListHostedZonesResponse,
  type ListResourceRecordSetsResponse,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import type { DnsRecord } from "../../core/model/dns-record.ts";
import { required } from "./required.ts";
import { callAws } from "./translate-error.ts";

export interface RecordsRead {
  readonly found: readonly DnsRecord[];
  /** There are more zones or records than were read. */
  readonly isPart: boolean;
}

export interface RecordSearch {
  /** Is a value of a record one that is looked for? */
  readonly isMeant: (value: string) => boolean;
  /** Pages of zones and of records together. Route 53 takes five requests a second from an account. */
  readonly mostPages: number;
}

type Start = Pick<
  ListResourceRecordSetsResponse,
  "NextRecordName" | "NextRecordType" | "NextRecordIdentifier"
>;

const listZones = (route53: Route53Client, marker: string | undefined) =>
  callAws({ action: "ListHostedZones", resource: "hosted zones" }, () =>
    route53.send(new ListHostedZonesCommand({ Marker: marker })),
  );

const listRecords = (route53: Route53Client, zoneId: string, start: Start) =>
  callAws({ action: "ListResourceRecordSets", resource: zoneId }, () =>
    route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        StartRecordName: start.NextRecordName,
        StartRecordType: start.NextRecordType,
        StartRecordIdentifier: start.NextRecordIdentifier,
      }),
    ),
  );

/** Without the path before it, as the SDK takes it off too. */
const idOf = ({ Id }: HostedZone): string =>
  required(Id, "a hosted zone's id").replace(/^\/hostedzone\//, "");

const toRecord = ({ Name: zone = "" }: HostedZone, zoneId: string, found: ResourceRecordSet) => ({
  zone,
  zoneId,
  name: required(found.Name, "a record's name"),
  type: required(found.Type, "a record's type"),
});

class Reader {
  readonly #route53: Route53Client;
  readonly #search: RecordSearch;
  readonly #found: DnsRecord[] = [];
  #pages = 0;

  constructor(route53: Route53Client, search: RecordSearch) {
    this.#route53 = route53;
    this.#search = search;
  }

  /** Zone after zone, each to its end, until the pages are used up. */
  async read(): Promise<RecordsRead> {
    let marker: string | undefined;
    do {
      const page: ListHostedZonesResponse | undefined = await this.#page(() =>
        listZones(this.#route53, marker),
      );
      for (const zone of page?.HostedZones ?? []) {
        if (!(await this.#readZone(zone))) return this.#result(true);
      }
      if (page === undefined) return this.#result(true);
      marker = page.IsTruncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
    return this.#result(false);
  }

  #result(isPart: boolean): RecordsRead {
    return { found: this.#found, isPart };
  }

  async #page<Page>(fetch: () => Promise<Page>): Promise<Page | undefined> {
    this.#pages += 1;
    return this.#pages > this.#search.mostPages ? undefined : fetch();
  }

  /** Whether all of it was read. */
  async #readZone(zone: HostedZone): Promise<boolean> {
    const zoneId = idOf(zone);
    let start: Start = {};
    for (;;) {
      const from = start;
      const page = await this.#page(() => listRecords(this.#route53, zoneId, from));
      if (page === undefined) return false;
      this.#take(zone, zoneId, page.ResourceRecordSets ?? []);
      if (page.IsTruncated !== true) return true;
      start = page;
    }
  }

  #take(zone: HostedZone, zoneId: string, sets: readonly ResourceRecordSet[]): void {
    const { isMeant } = this.#search;
    for (const set of sets) {
      const values = (set.ResourceRecords ?? []).map(({ Value = "" }) => Value);
      if (values.some(isMeant)) this.#found.push(toRecord(zone, zoneId, set));
    }
  }
}

/**
 * Of the account's own zones, public and private; an alias has no value, and never points at an instance.
 * Source: Route 53 API reference, ListHostedZones, ListResourceRecordSets.
 */
export const findRecords = (route53: Route53Client, search: RecordSearch): Promise<RecordsRead> =>
  new Reader(route53, search).read();
