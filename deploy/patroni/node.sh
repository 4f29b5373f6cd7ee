#!/usr/bin/env bash
# What one container of the cluster runs: `node.sh etcd`, or `node.sh patroni`. From the environment come NODE_NAME, NODE_ADDRESS,
# ETCD (the addresses of etcd-1, etcd-2 and etcd-3) and, for PostgreSQL, the passwords and Patroni's times.
set -euo pipefail

read -r -a etcd <<<"$ETCD"
if [ "$1" = etcd ]; then
  peers=etcd-1=http://${etcd[0]}:2380,etcd-2=http://${etcd[1]}:2380,etcd-3=http://${etcd[2]}:2380
  exec etcd --name "$NODE_NAME" --data-dir /var/lib/postgresql/etcd \
    --listen-peer-urls "http://0.0.0.0:2380" --initial-advertise-peer-urls "http://$NODE_ADDRESS:2380" \
    --listen-client-urls "http://0.0.0.0:2379" --advertise-client-urls "http://$NODE_ADDRESS:2379" \
    --initial-cluster "$peers" --initial-cluster-token workshop --log-level warn
fi

install --directory --owner postgres --group postgres --mode 0700 /var/lib/postgresql/data /run/patroni
cat >/run/patroni/patroni.yml <<YAML
scope: shop
name: $NODE_NAME
# Anybody of the network may ask who leads; what changes the cluster (restart, switch-over, configuration) takes the password.
restapi:
  listen: "0.0.0.0:8008"
  connect_address: "$NODE_ADDRESS:8008"
  authentication: { username: replication, password: "$REPLICATION_PASSWORD" }
etcd3: { hosts: ["${etcd[0]}:2379", "${etcd[1]}:2379", "${etcd[2]}:2379"] }
bootstrap:
  dcs:
    ttl: $PATRONI_TTL
    loop_wait: $PATRONI_LOOP
    retry_timeout: $PATRONI_RETRY
    synchronous_mode: $PATRONI_SYNC
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 200
        max_wal_senders: 10
        max_replication_slots: 10
        wal_keep_size: 256MB
        wal_sender_timeout: 5s
        wal_receiver_timeout: 5s
        wal_receiver_status_interval: 1s
        wal_retrieve_retry_interval: 500ms
        max_slot_wal_keep_size: 4GB
        max_standby_streaming_delay: 500ms
        hot_standby_feedback: "off"
        synchronous_commit: "on"
  initdb: ["data-checksums", { encoding: UTF8 }, { locale-provider: builtin }, { builtin-locale: C.UTF-8 }, { locale: C }]
postgresql:
  listen: "0.0.0.0:5432"
  connect_address: "$NODE_ADDRESS:5432"
  data_dir: /var/lib/postgresql/data
  bin_dir: /usr/lib/postgresql/18/bin
  pgpass: /run/patroni/pgpass
  use_unix_socket: true
  # A standby's first copy would else wait for the primary's next checkpoint, which takes its time while somebody writes.
  basebackup: { checkpoint: fast }
  parameters: { unix_socket_directories: /run/postgresql, shared_buffers: 64MB }
  authentication:
    superuser: { username: postgres, password: "$SUPERUSER_PASSWORD" }
    replication: { username: replication, password: "$REPLICATION_PASSWORD" }
  pg_hba:
    - local all postgres peer
    # Patroni asks its own server which timeline it is on, before it decides for pg_rewind.
    - host replication replication 127.0.0.1/32 scram-sha-256
    - host replication replication samenet scram-sha-256
    - host all all 0.0.0.0/0 scram-sha-256
YAML
chown postgres /run/patroni/patroni.yml
exec gosu postgres patroni /run/patroni/patroni.yml
