using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres;

return await WorkshopRun.Run(
    args,
    workshop =>
    {
        // Two tokens: the operator's opens everything, a classmate's only lets a predictor join.
        var operatorToken = workshop.Secret(Secrets.OperatorToken);
        var joinToken = workshop.Secret(Secrets.JoinToken);

        // Databases: postgres-1 starts as the primary, postgres-2 as its standby. Roles move, names stay.
        var databases = workshop.AddDatabasePair("postgres-1", 5433, "postgres-2", 5434, database: "shop");

        // The registry: the workshop's DNS, and the conductor of the database pair; or several that decide by majority.
        IResourceBuilder<ProjectResource>[] registry =
        [
            .. Replicas
                .Of(Replicas.Registry, Replicas.RegistryPort, workshop.Options.RegistryReplicas)
                .Select(replica =>
                    workshop
                        .AddService<Projects.Registry>(replica.Name, replica.Port)
                        .OnLan(workshop)
                        .WithEnvironment("Workshop__OperatorToken", operatorToken)
                        .WithEnvironment("Workshop__HostUrl", workshop.Control)
                        .WithDatabases(databases)
                        .WithAccount(databases, databases.Accounts.Conductor, databases.First)
                        .WithLinks(("API", "/scalar"), ("Services", "/services"), ("Conductor", "/conductor"))
                ),
        ];
        registry.KeepTogether(workshop);

        // The shop: its tables, two servers, and the storefront that finds them through the registry.
        var migrations = workshop.AddMigrations<Projects.Shop_Api>("shop-migrations", databases);
        for (var n = 1; n <= 2; n++)
        {
            workshop
                .AddService<Projects.Shop_Api>($"shop-api-{n}", 3000 + n)
                .WithLinks(("API", "/scalar"))
                .WithOwnAddress()
                .WithEnvironment("Workshop__OperatorToken", operatorToken)
                .WithDatabases(databases)
                .WithAccount(databases, databases.Accounts.Shop, databases.Database)
                .WithReplicas(Replicas.Registry, registry)
                .WaitForAll(registry)
                .WaitForCompletion(migrations);
        }

        // The prediction network: a consensus (or several that keep one ledger), six predictors, and attackers that start only
        // when somebody lets them.
        IResourceBuilder<ProjectResource>[] consensus =
        [
            .. Replicas
                .Of("consensus", 4000, workshop.Options.ConsensusReplicas)
                .Select(replica =>
                    workshop
                        .AddService<Projects.Consensus>(replica.Name, replica.Port)
                        .OnLan(workshop)
                        .WithLinks(("API", "/scalar"))
                        .WithEnvironment("Workshop__OperatorToken", operatorToken)
                        .WithEnvironment("Workshop__JoinToken", joinToken)
                        .WithReplicas(Replicas.Registry, registry)
                        .WaitForAll(registry)
                ),
        ];
        consensus.KeepTogether(workshop);

        string[] models = ["linear", "fasttree", "lightgbm", "forest", "neighbours", "bayes"];
        IResourceBuilder<ProjectResource>[] members =
        [
            .. models.Select(
                (model, n) =>
                    AddPredictor($"predictor-{model}", model, 4001 + n)
                        .WithEnvironment("Workshop__OperatorToken", operatorToken)
            ),
        ];

        (string Name, string Model, string Fault)[] attackers =
        [
            ("liar", "forest", "label-flip"),
            ("sleeper", "linear", "sleeper"),
            ("random", "bayes", "random"),
            ("copycat", "bayes", "copycat"),
            ("partial", "forest", "partial"),
            ("betrayer", "linear", "betrayer"),
        ];
        for (var n = 0; n < attackers.Length; n++)
        {
            AddPredictor(attackers[n].Name, attackers[n].Model, 4010 + n)
                .WithEnvironment("Workshop__JoinToken", joinToken)
                .WithEnvironment("Predictor__Fault", attackers[n].Fault)
                .WithEnvironment("Predictor__CopyFrom", members[^1].GetEndpoint("http"))
                .WithExplicitStart();
        }

        // The storefront, and simulated customers, who come when a run of the laboratory is asked for.
        var laboratory = workshop
            .AddService<Projects.Shop_Web>("laboratory", 8090)
            .WithEnvironment("Workshop__Role", "laboratory")
            .WithLinks(("API", "/scalar"))
            .WithEnvironment("Workshop__OperatorToken", operatorToken)
            .WithReplicas(Replicas.Registry, registry)
            .WaitForAll(registry)
            .WithExplicitStart();
        workshop
            .AddService<Projects.Shop_Web>("shop-web", 8080)
            .OnLan(workshop)
            .WithEnvironment("Workshop__OperatorToken", operatorToken)
            .WithEnvironment("Workshop__HostUrl", workshop.Control)
            .WithReplicas(Replicas.Registry, registry)
            .WithReplicas("consensus", consensus)
            .WithReference(laboratory)
            .WaitForAll(registry)
            .WithLinks(("Storefront", "/"), ("Redundancy", "/redundancy"), ("Predictions", "/predictions"));

        foreach (var replica in consensus)
        {
            replica.WithNeighbours(workshop);
            replica.WithOwnPorts(
                workshop,
                members:
                [
                    .. members.Select(member => member.Resource.Name),
                    .. attackers.Select(attacker => attacker.Name),
                ]
            );
        }

        IResourceBuilder<ProjectResource> AddPredictor(string name, string model, int port) =>
            workshop
                .AddService<Projects.Predictors>(name, port)
                .OnLan(workshop)
                .WithLinks(("API", "/scalar"))
                .WithOwnAddress()
                .WithEnvironment("Predictor__Model", model)
                .WithModels(workshop)
                .WithReplicas(Replicas.Registry, registry)
                .WithReplicas("consensus", consensus)
                .WaitForAll(consensus);
    }
);
