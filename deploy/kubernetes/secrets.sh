#!/usr/bin/env bash
# Prints the secrets that the manifests name, made of the file that deploy/secrets.sh wrote:
# deploy/kubernetes/secrets.sh deploy/.env | kubectl --namespace workshop apply --filename -
set -euo pipefail
value() { sed -n "s/^$1=//p" "$file"; }
file=$1

cat <<END
apiVersion: v1
kind: Secret
metadata: { name: workshop-tokens }
stringData:
  OPERATOR_TOKEN: $(value OPERATOR_TOKEN)
  JOIN_TOKEN: $(value JOIN_TOKEN)
END
account() { # account SECRET USER VARIABLE
  cat <<END
---
apiVersion: v1
kind: Secret
metadata: { name: $1 }
type: kubernetes.io/basic-auth
stringData:
  username: $2
  password: $(value "$3")
END
}
account postgres-shop-owner shop_owner SHOP_OWNER_PASSWORD
account postgres-shop shop SHOP_PASSWORD
account postgres-conductor conductor CONDUCTOR_PASSWORD
