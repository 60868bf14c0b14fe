/**
 * Route 53, as far as its hosted zones and their records go: they are listed, and scenarios make them.
 * Sources: Route 53 API reference, ListHostedZones, ListResourceRecordSets (order, pages, errors); developer guide, "NS and SOA records
 * that Amazon Route 53 creates for a public hosted zone".
 */
import type {
  HostedZone,
  ListHostedZonesRequest,
  ListHostedZonesResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
  ResourceRecordSet,
  RRType,
} from "@aws-sdk/client-route-53";
import {
  CloudError,
  type Authorization,
  type Call,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import { asked } from "../iam/asked.ts";

interface ZoneDeclaration {
  readonly accountId: string;
  /** `example.com.` */
  readonly name: string;
  /** Of VPCs. Default: a public one. */
  readonly isPrivate?: boolean;
}

interface RecordDeclaration {
  /** `www.example.com.` */
  readonly name: string;
  readonly type: RRType;
  readonly values: readonly string[];
  /** Of one of several with this name and type, each for some of the queries. */
  readonly setIdentifier?: string;
}

interface Zone extends ZoneDeclaration {
  /** `Z…`, without the path before it. */
  readonly id: string;
  readonly records: ResourceRecordSet[];
}

export interface Route53 extends ServiceModule {
  /** Its id. */
  addZone(declaration: ZoneDeclaration): string;
  addRecord(zoneId: string, declaration: RecordDeclaration): void;
}

/** The most that one answer lists. */
const mostZones = 100;
const mostRecords = 300;

interface Position {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly SetIdentifier?: string | undefined;
}

/** By the name with its labels reversed, then by type, then by identifier. */
const orderOf = ({ Name = "", Type = "", SetIdentifier = "" }: Position): readonly string[] => [
  Name.split(".").toReversed().join(".").replace(/^\./, ""),
  Type,
  SetIdentifier,
];

const compare = (one: readonly string[], other: readonly string[]): number => {
  const at = one.findIndex((part, index) => part !== other[index]);
  if (at === -1) return 0;
  return (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
};

const invalid = (message: string): CloudError => new CloudError("InvalidInput", message);

const pageSize = (maxItems: number | undefined, most: number): number => {
  if (maxItems !== undefined && maxItems < 1) throw invalid("MaxItems must be at least 1");
  return Math.min(maxItems ?? most, most);
};

const bare = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

const made = (zone: Zone, type: RRType, ...values: readonly string[]): ResourceRecordSet => ({
  Name: zone.name,
  Type: type,
  TTL: 900,
  ResourceRecords: values.map((Value) => ({ Value })),
});

const viewZone = ({ id, name, isPrivate = false, records }: Zone): HostedZone => ({
  Id: `/hostedzone/${id}`,
  Name: name,
  CallerReference: id,
  Config: { PrivateZone: isPrivate },
  ResourceRecordSetCount: records.length,
});

const zonePage = (
  zones: readonly Zone[],
  { Marker, MaxItems }: ListHostedZonesRequest,
): ListHostedZonesResponse => {
  const size = pageSize(MaxItems, mostZones);
  const start = Marker === undefined ? 0 : zones.findIndex(({ id }) => id === bare(Marker));
  if (start === -1) throw invalid(`The marker ${String(Marker)} is not a hosted zone`);
  const next = zones[start + size];
  return {
    HostedZones: zones.slice(start, start + size).map(viewZone),
    Marker,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next.id }),
    MaxItems: size,
  };
};

const recordPage = (
  { records }: Zone,
  input: ListResourceRecordSetsRequest,
): ListResourceRecordSetsResponse => {
  const { StartRecordName: Name, StartRecordType: Type, StartRecordIdentifier } = input;
  if (Name === undefined && Type !== undefined) {
    throw invalid("StartRecordType needs StartRecordName");
  }
  const size = pageSize(input.MaxItems, mostRecords);
  const from = orderOf({ Name, Type, SetIdentifier: StartRecordIdentifier });
  const rest = records
    .toSorted((one, other) => compare(orderOf(one), orderOf(other)))
    .filter((record) => compare(orderOf(record), from) >= 0);
  const next = rest[size];
  return {
    ResourceRecordSets: rest.slice(0, size),
    IsTruncated: next !== undefined,
    ...(next === undefined
      ? {}
      : {
          NextRecordName: next.Name,
          NextRecordType: next.Type,
          ...(next.SetIdentifier === undefined ? {} : { NextRecordIdentifier: next.SetIdentifier }),
        }),
    MaxItems: size,
  };
};

export const createRoute53 = (): Route53 => {
  const zones: Zone[] = [];

  const zoneOf = (call: Call, id = ""): Zone => {
    const found = zones.find(
      (zone) => zone.id === bare(id) && zone.accountId === call.caller.accountId,
    );
    if (found !== undefined) return found;
    throw new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${bare(id)}`, 404);
  };

  const listZones: Handler<ListHostedZonesRequest, ListHostedZonesResponse> = (call, input) =>
    zonePage(
      zones.filter(({ accountId }) => accountId === call.caller.accountId),
      input,
    );

  const listRecords: Handler<ListResourceRecordSetsRequest, ListResourceRecordSetsResponse> = (
    call,
    input,
  ) => recordPage(zoneOf(call, input.HostedZoneId), input);

  const authorizeRecords: Authorization<ListResourceRecordSetsRequest> = (
    _call,
    { HostedZoneId: id = "" },
  ) => [
    asked("route53:ListResourceRecordSets", [
      { arn: `arn:aws:route53:::hostedzone/${bare(id)}`, type: "hostedzone" },
    ]),
  ];

  return {
    service: "route53",
    operations: { ListHostedZones: listZones, ListResourceRecordSets: listRecords },
    authorization: { ListResourceRecordSets: authorizeRecords },
    addZone: (declaration) => {
      const id = `Z${String(zones.length + 1).padStart(13, "0")}`;
      const zone: Zone = { ...declaration, id, records: [] };
      zone.records.push(
        made(zone, "NS", "ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."),
        made(zone, "SOA", "ns-1.awsdns-01.org. hostmaster.example. 1 7200 900 1209600 86400"),
      );
      zones.push(zone);
      return id;
    },
    addRecord: (zoneId, { name: Name, type: Type, values, setIdentifier }) => {
      zones
        .find(({ id }) => id === zoneId)
        ?.records.push({
          Name,
          Type,
          TTL: 300,
          ResourceRecords: values.map((Value) => ({ Value })),
          ...(setIdentifier === undefined ? {} : { SetIdentifier: setIdentifier, Weight: 1 }),
        });
    },
  };
};
