using Workshop.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var options = WorkshopOptions.From(builder.Configuration);

// Databases: postgres-1 starts as the primary, postgres-2 as its standby. Roles move, names stay.
var postgres = builder.AddPostgres("postgres-1", port: Port(5433)).WithImageTag("18");
var shopDb = postgres.AddDatabase("shop");
var standby = options.HasStandby ? builder.AddStandby("postgres-2", postgres, port: Port(5434)) : null;

// The registry: the workshop's DNS, and the conductor of the database pair.
var joinToken = builder.AddParameter(
    "join-token",
    new GenerateParameterDefault { MinLength = 32 },
    secret: true,
    persist: true
);
var registry = AddService("registry", "../Registry/Registry.csproj", 3000)
    .WithDataDirectory()
    .WithHostUrl()
    .WithReference(postgres)
    .WaitFor(postgres);
WithStorage(registry);

// The shop: two servers, and the storefront that finds them through the registry.
for (var n = 1; n <= 2; n++)
{
    var shop = AddService($"shop-api-{n}", "../Shop.Api/Shop.Api.csproj", 3000 + n)
        .WithDataDirectory()
        .WithReference(shopDb)
        .WithReference(registry)
        .WaitFor(registry)
        .WaitFor(postgres);
    shop.WithEnvironment("Workshop__Address", shop.GetEndpoint("http"));
    WithStorage(shop);
}

// The prediction network: a consensus, six predictors, and three that start only when somebody lets them.
var consensus = AddService("consensus", "../Consensus/Consensus.csproj", 4000)
    .WithDataDirectory()
    .WithReference(registry)
    .WaitFor(registry);

string[] models = ["linear", "fasttree", "lightgbm", "forest", "neighbours", "bayes"];
for (var n = 0; n < models.Length; n++)
{
    AddPredictor($"predictor-{models[n]}", models[n], 4001 + n);
}

AddPredictor("liar", "forest", 4010).WithEnvironment("Predictor__Fault", "label-flip").WithExplicitStart();
AddPredictor("sleeper", "linear", 4011).WithEnvironment("Predictor__Fault", "sleeper").WithExplicitStart();
AddPredictor("random", "bayes", 4012).WithEnvironment("Predictor__Fault", "random").WithExplicitStart();

AddService("shop-web", "../Shop.Web/Shop.Web.csproj", 8080)
    .WithDataDirectory()
    .WithHostUrl()
    .WithReference(registry)
    .WithReference(consensus)
    .WaitFor(registry);

builder.Build().Run();

int Port(int port) => port + options.PortOffset;

IResourceBuilder<ProjectResource> AddService(string name, string project, int port) =>
    builder
        .AddProject(name, project)
        .WithHttpEndpoint(port: Port(port), name: "http", isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Workshop__JoinToken", joinToken);

IResourceBuilder<ProjectResource> AddPredictor(string name, string model, int port)
{
    var predictor = AddService(name, "../Predictors/Predictors.csproj", port)
        .WithDataDirectory()
        .WithReference(registry)
        .WithReference(consensus)
        .WithEnvironment("Predictor__Model", model)
        .WaitFor(consensus);
    return predictor.WithEnvironment("Workshop__Address", predictor.GetEndpoint("http"));
}

void WithStorage(IResourceBuilder<ProjectResource> service)
{
    service.WithEnvironment("Workshop__Storage", options.Storage).WithEnvironment("Workshop__Policy", options.Policy);
    if (standby is not null)
    {
        service.WithEnvironment("Workshop__Standby", standby.GetEndpoint("tcp")).WaitFor(standby);
    }
}
