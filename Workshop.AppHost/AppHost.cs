using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres;

return await WorkshopRun.Run(
    args,
    workshop =>
    {
        var options = workshop.Options;
        var operatorToken = workshop.Secret(Secrets.OperatorToken);
        var joinToken = workshop.Secret(Secrets.JoinToken);

        // Databases: postgres-1 starts as the primary, postgres-2 as its standby. Roles move, names stay.
        var databases = workshop.AddDatabasePair("postgres-1", 5433, "postgres-2", 5434, database: "shop");

        // The registry: the workshop's DNS, and the conductor of the database pair.
        var registry = AddService<Projects.Registry>("registry", 3000)
            .WithEnvironment("Workshop__HostUrl", workshop.Control)
            .WithReference(databases.First)
            .WaitFor(databases.First);
        WithStorage(registry);

        // The shop: two servers, and the storefront that finds them through the registry.
        for (var n = 1; n <= 2; n++)
        {
            var shop = AddService<Projects.Shop_Api>($"shop-api-{n}", 3000 + n)
                .WithReference(databases.Database)
                .WithReference(registry)
                .WaitFor(registry)
                .WaitFor(databases.First);
            shop.WithEnvironment("Workshop__Address", shop.GetEndpoint("http"));
            WithStorage(shop);
        }

        // The prediction network: a consensus, six predictors, and attackers that start only when somebody lets them.
        var consensus = AddService<Projects.Consensus>("consensus", 4000)
            .WithReference(registry)
            .WithEnvironment("Workshop__JoinToken", joinToken)
            .WaitFor(registry);

        string[] models = ["linear", "fasttree", "lightgbm", "forest", "neighbours", "bayes"];
        for (var n = 0; n < models.Length; n++)
        {
            AddPredictor($"predictor-{models[n]}", models[n], 4001 + n);
        }

        AddPredictor("liar", "forest", 4010).WithEnvironment("Predictor__Fault", "label-flip").WithExplicitStart();
        AddPredictor("sleeper", "linear", 4011).WithEnvironment("Predictor__Fault", "sleeper").WithExplicitStart();
        AddPredictor("random", "bayes", 4012).WithEnvironment("Predictor__Fault", "random").WithExplicitStart();

        AddService<Projects.Shop_Web>("shop-web", 8080)
            .WithEnvironment("Workshop__HostUrl", workshop.Control)
            .WithReference(registry)
            .WithReference(consensus)
            .WaitFor(registry);

        IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port)
            where TProject : IProjectMetadata, new() =>
            workshop
                .AddService<TProject>(name, port)
                .WithEnvironment("Workshop__OperatorToken", operatorToken)
                .WithEnvironment("Workshop__JoinToken", joinToken);

        IResourceBuilder<ProjectResource> AddPredictor(string name, string model, int port)
        {
            var predictor = AddService<Projects.Predictors>(name, port)
                .WithReference(registry)
                .WithReference(consensus)
                .WithEnvironment("Workshop__JoinToken", joinToken)
                .WithEnvironment("Predictor__Model", model)
                .WaitFor(consensus);
            return predictor.WithEnvironment("Workshop__Address", predictor.GetEndpoint("http"));
        }

        void WithStorage(IResourceBuilder<ProjectResource> service)
        {
            service
                .WithEnvironment("Workshop__Storage", options.Storage)
                .WithEnvironment("Workshop__Policy", options.Policy);
            if (options.HasStandby)
            {
                service.WithEnvironment("Workshop__Standby", databases.SecondEndpoint).WaitFor(databases.Second);
            }
        }
    }
);
